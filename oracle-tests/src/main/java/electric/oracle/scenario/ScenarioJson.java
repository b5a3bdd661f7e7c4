package electric.oracle.scenario;

import electric.oracle.ShapeDefinition.Replica;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.Law.Balance;
import electric.oracle.scenario.Law.Partition;
import electric.oracle.scenario.Law.Sum;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Join;
import electric.oracle.scenario.Step.Leave;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import electric.oracle.scenario.Step.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A scenario as a file that people read and mend, and that is run again as it is. */
public final class ScenarioJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ScenarioJson() {}

    public static String write(Scenario scenario) {
        ObjectNode root = JSON.createObjectNode();
        root.put("title", scenario.title());
        texts(root.putArray("ddl"), scenario.ddl());
        texts(root.putArray("seed"), scenario.rows());
        ArrayNode shapes = root.putArray("shapes");
        scenario.shapes().forEach(shape -> write(shapes.addObject(), shape));
        ArrayNode clients = root.putArray("clients");
        for (ClientPlan client : scenario.clients()) {
            clients.addObject()
                    .put("name", client.name())
                    .put("shape", client.shape())
                    .put("way", word(client.way()));
        }
        ArrayNode steps = root.putArray("steps");
        scenario.steps().forEach(step -> write(steps.addObject(), step));
        if (!scenario.laws().isEmpty()) {
            ArrayNode laws = root.putArray("laws");
            scenario.laws().forEach(law -> write(laws.addObject(), law));
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    /** Throws IllegalArgumentException saying what is wrong and where. */
    public static Scenario read(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("The scenario is no JSON: " + malformed.getOriginalMessage(), malformed);
        }
        List<ShapePlan> shapes = new ArrayList<>();
        required(root, "shapes").forEach(shape -> shapes.add(shape(shape)));
        List<ClientPlan> clients = new ArrayList<>();
        if (root.has("clients")) {
            root.get("clients")
                    .forEach(client -> clients.add(new ClientPlan(
                            text(client, "name"), text(client, "shape"), constant(Way.class, text(client, "way")))));
        } else {
            shapes.forEach(shape -> clients.add(new ClientPlan(shape.name(), shape.name(), Way.WAITS)));
        }
        List<Step> steps = new ArrayList<>();
        required(root, "steps").forEach(step -> steps.add(step(step)));
        List<Law> laws = new ArrayList<>();
        if (root.has("laws")) {
            root.get("laws").forEach(law -> laws.add(law(law)));
        }
        return new Scenario(
                root.has("title") ? text(root, "title") : "a scenario",
                texts(required(root, "ddl")),
                texts(required(root, "seed")),
                shapes,
                clients,
                steps,
                laws);
    }

    private static void write(ObjectNode node, Law law) {
        switch (law) {
            case Partition partition -> {
                node.put("whole", partition.whole());
                texts(node.putArray("parts"), partition.parts());
            }
            case Balance balance -> {
                write(node.putArray("left"), balance.left());
                write(node.putArray("right"), balance.right());
            }
        }
    }

    private static void write(ArrayNode array, List<Sum> sums) {
        sums.forEach(sum -> array.addObject().put("client", sum.client()).put("sum", sum.column()));
    }

    private static Law law(JsonNode node) {
        return node.has("whole")
                ? new Partition(text(node, "whole"), texts(required(node, "parts")))
                : new Balance(sums(required(node, "left")), sums(required(node, "right")));
    }

    private static List<Sum> sums(JsonNode array) {
        List<Sum> sums = new ArrayList<>();
        array.forEach(sum -> sums.add(new Sum(text(sum, "client"), text(sum, "sum"))));
        return sums;
    }

    private static void write(ObjectNode node, ShapePlan shape) {
        node.put("name", shape.name()).put("class", shape.filterClass().name()).put("table", shape.table());
        shape.columns().ifPresent(names -> texts(node.putArray("columns"), names));
        shape.where().ifPresent(clause -> node.put("where", clause));
        if (!shape.parameters().isEmpty()) {
            texts(node.putArray("params"), shape.parameters());
        }
        node.put("replica", word(shape.replica()));
    }

    private static ShapePlan shape(JsonNode node) {
        return new ShapePlan(
                text(node, "name"),
                node.has("class") ? constant(FilterClass.class, text(node, "class")) : FilterClass.O2,
                text(node, "table"),
                node.has("columns") ? Optional.of(texts(node.get("columns"))) : Optional.empty(),
                node.has("where") ? Optional.of(text(node, "where")) : Optional.empty(),
                node.has("params") ? texts(node.get("params")) : List.of(),
                node.has("replica") ? constant(Replica.class, text(node, "replica")) : Replica.DEFAULT);
    }

    private static void write(ObjectNode node, Step step) {
        switch (step) {
            case Transaction transaction -> write(node, transaction);
            case Together together -> {
                ArrayNode writers = node.putArray("together");
                for (List<Transaction> writer : together.writers()) {
                    ArrayNode transactions = writers.addArray();
                    writer.forEach(transaction -> write(transactions.addObject(), transaction));
                }
            }
            case Withheld withheld -> write(node.putObject("withheld"), withheld.transaction());
            case Join join -> node.put("join", join.client());
            case Leave leave -> node.put("leave", leave.client());
            case Forget forget -> node.put("forget", forget.client());
            case Break fault -> write(node, fault);
        }
    }

    private static void write(ObjectNode node, Break step) {
        node.put("break", word(step.fault()));
        if (step.errors()) {
            node.putArray("allowed").add("error");
        }
    }

    private static void write(ObjectNode node, Transaction transaction) {
        texts(node.putArray("sql"), transaction.sql());
        if (transaction.rollback()) {
            node.put("rollback", true);
        }
        if (transaction.pace() == Pace.NO_WAIT) {
            node.put("pace", word(Pace.NO_WAIT));
        }
        if (transaction.effect() == Effect.DISRUPTION) {
            node.putArray("allowed").add("change").add("409");
        }
    }

    private static Step step(JsonNode node) {
        if (node.has("withheld")) {
            return new Withheld(transaction(node.get("withheld")));
        }
        if (node.has("join")) {
            return new Join(text(node, "join"));
        }
        if (node.has("leave")) {
            return new Leave(text(node, "leave"));
        }
        if (node.has("forget")) {
            return new Forget(text(node, "forget"));
        }
        if (node.has("break")) {
            return new Break(constant(Fault.class, text(node, "break")), allows(node, "error"));
        }
        if (node.has("together")) {
            List<List<Transaction>> writers = new ArrayList<>();
            for (JsonNode writer : node.get("together")) {
                List<Transaction> transactions = new ArrayList<>();
                writer.forEach(transaction -> transactions.add(transaction(transaction)));
                writers.add(transactions);
            }
            return new Together(writers);
        }
        return transaction(node);
    }

    private static Transaction transaction(JsonNode node) {
        return new Transaction(
                texts(required(node, "sql")),
                node.has("rollback") && node.get("rollback").asBoolean(),
                node.has("pace") ? constant(Pace.class, text(node, "pace")) : Pace.WAIT,
                allows(node, "409") ? Effect.DISRUPTION : Effect.ROWS);
    }

    private static boolean allows(JsonNode node, String what) {
        return node.has("allowed") && texts(node.get("allowed")).contains(what);
    }

    private static JsonNode required(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw new IllegalArgumentException("There is no \"" + field + "\" in " + node);
        }
        return value;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = required(node, field);
        if (!value.isString()) {
            throw new IllegalArgumentException("\"" + field + "\" should be a text in " + node);
        }
        return value.stringValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asString()));
        return texts;
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is none of " + java.util.Arrays.toString(type.getEnumConstants()), unknown);
        }
    }
}
