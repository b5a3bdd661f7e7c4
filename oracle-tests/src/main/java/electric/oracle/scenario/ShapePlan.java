package electric.oracle.scenario;

import electric.oracle.ShapeDefinition;
import electric.oracle.ShapeDefinition.Log;
import electric.oracle.ShapeDefinition.Replica;
import java.util.List;
import java.util.Optional;

/**
 * A shape that clients follow.
 *
 * @param table without its schema, quoted where SQL would want quotes
 * @param columns the names themselves; without them, all
 */
public record ShapePlan(
        String name,
        FilterClass filterClass,
        String table,
        Optional<List<String>> columns,
        Optional<String> where,
        List<String> parameters,
        Replica replica) {
    public ShapePlan {
        columns = columns.map(List::copyOf);
        parameters = List.copyOf(parameters);
    }

    /** What a client asks for, with the tables in that schema. */
    public ShapeDefinition in(String schema) {
        return new ShapeDefinition(
                schema + "." + table,
                columns,
                replica,
                Log.FULL,
                where.map(clause -> clause.replace(Scenario.SCHEMA, schema)),
                parameters);
    }

    /** Whether clients of both follow one shape. */
    public boolean isSameAs(ShapePlan other) {
        return in("").equals(other.in(""));
    }

    public ShapePlan withWhere(Optional<String> other) {
        return new ShapePlan(name, filterClass, table, columns, other, parameters, replica);
    }

    public ShapePlan withColumns(Optional<List<String>> other) {
        return new ShapePlan(name, filterClass, table, other, where, parameters, replica);
    }
}
