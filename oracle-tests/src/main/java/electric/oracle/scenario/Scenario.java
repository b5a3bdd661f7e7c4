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
 */
public record Scenario(
        String title,
        List<String> ddl,
        List<String> rows,
        List<ShapePlan> shapes,
        List<ClientPlan> clients,
        List<Step> steps) {
    public static final String SCHEMA = "{schema}";

    public Scenario {
        ddl = List.copyOf(ddl);
        rows = List.copyOf(rows);
        shapes = List.copyOf(shapes);
        clients = List.copyOf(clients);
        steps = List.copyOf(steps);
        Set<String> names = shapes.stream().map(ShapePlan::name).collect(Collectors.toSet());
        for (ClientPlan client : clients) {
            if (!names.contains(client.shape())) {
                throw new IllegalArgumentException(
                        "The client " + client.name() + " follows " + client.shape() + ", which is none of " + names);
            }
        }
    }

    public ShapePlan shape(String name) {
        return shapes.stream()
                .filter(shape -> shape.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public Scenario withDdl(List<String> fewer) {
        return new Scenario(title, fewer, rows, shapes, clients, steps);
    }

    public Scenario withRows(List<String> fewer) {
        return new Scenario(title, ddl, fewer, shapes, clients, steps);
    }

    public Scenario withShapes(List<ShapePlan> others, List<ClientPlan> theirs) {
        return new Scenario(title, ddl, rows, others, theirs, steps);
    }

    public Scenario withSteps(List<Step> others) {
        return new Scenario(title, ddl, rows, shapes, clients, others);
    }
}
