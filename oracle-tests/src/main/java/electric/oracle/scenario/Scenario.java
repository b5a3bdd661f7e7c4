package electric.oracle.scenario;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything a run needs to be done again. In all SQL, {@value #SCHEMA} stands for the schema the run is given, which
 * unqualified names are found in as well.
 *
 * @param title one line for people
 * @param rows statements that put the first rows there
 * @param clients those that no {@link Step.Join} names are there from the beginning
 * @param laws about clients that are there
 */
public record Scenario(
        String title,
        List<String> ddl,
        List<String> rows,
        List<ShapePlan> shapes,
        List<ClientPlan> clients,
        List<Step> steps,
        List<Law> laws) {
    public static final String SCHEMA = "{schema}";

    public Scenario {
        ddl = List.copyOf(ddl);
        rows = List.copyOf(rows);
        shapes = List.copyOf(shapes);
        clients = List.copyOf(clients);
        steps = List.copyOf(steps);
        laws = List.copyOf(laws);
        Set<String> names = shapes.stream().map(ShapePlan::name).collect(Collectors.toSet());
        for (ClientPlan client : clients) {
            if (!names.contains(client.shape())) {
                throw new IllegalArgumentException(
                        "The client " + client.name() + " follows " + client.shape() + ", which is none of " + names);
            }
        }
    }

    /** Lawless: each view is what Postgres answers, and that is all. */
    public Scenario(
            String title,
            List<String> ddl,
            List<String> rows,
            List<ShapePlan> shapes,
            List<ClientPlan> clients,
            List<Step> steps) {
        this(title, ddl, rows, shapes, clients, steps, List.of());
    }

    public ShapePlan shape(String name) {
        return shapes.stream()
                .filter(shape -> shape.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public Scenario withDdl(List<String> fewer) {
        return new Scenario(title, fewer, rows, shapes, clients, steps, laws);
    }

    public Scenario withRows(List<String> fewer) {
        return new Scenario(title, ddl, fewer, shapes, clients, steps, laws);
    }

    public Scenario withShapes(List<ShapePlan> others, List<ClientPlan> theirs) {
        List<String> names = theirs.stream().map(ClientPlan::name).toList();
        List<Law> stillMeant =
                laws.stream().filter(law -> names.containsAll(law.clients())).toList();
        return new Scenario(title, ddl, rows, others, theirs, steps, stillMeant);
    }

    public Scenario withSteps(List<Step> others) {
        return new Scenario(title, ddl, rows, shapes, clients, others, laws);
    }
}
