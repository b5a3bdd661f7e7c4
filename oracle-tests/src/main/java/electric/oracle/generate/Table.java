package electric.oracle.generate;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A made-up table.
 *
 * @param name as in SQL, without its schema
 * @param key the columns of its primary key, in the key's order; empty without one, and then the first column is different
 *     in every row
 * @param columns the key's among them
 * @param parent the one that names another row of this table
 */
record Table(String name, List<Column> key, List<Column> columns, Optional<Column> parent, List<String> ddl) {
    /** How many different keys there are: few, so that transactions meet. */
    static final int KEYS = 60;

    boolean hasKey() {
        return !key.isEmpty();
    }

    List<Column> scalars() {
        return columns.stream().filter(column -> !key.contains(column)).toList();
    }

    /** A condition that one row fulfils, if it is there. */
    String isRow(Random random) {
        return hasKey()
                ? key.stream()
                        .map(column -> column.sql() + " = " + keyValue(column, random))
                        .collect(joining(" AND "))
                : columns.getFirst().sql() + " % 41 = " + random.nextInt(41);
    }

    /** Values for all columns, with a key of many. */
    String values(Random random) {
        List<String> values = new ArrayList<>();
        for (Column column : columns) {
            if (!hasKey() && column.equals(columns.getFirst())) {
                values.add("nextval('{schema}.numbers')");
            } else {
                values.add(key.contains(column) ? keyValue(column, random) : value(column, random));
            }
        }
        return "(" + String.join(", ", values) + ")";
    }

    /** Of a column that is not of the key. A parent that is not there is none. */
    String value(Column column, Random random) {
        return parent.filter(column::equals).isPresent()
                ? "(SELECT id FROM " + name + " WHERE id = " + column.kind().value(random.nextInt(KEYS)) + ")"
                : column.value(random);
    }

    /** Of a composite key each part has few values. */
    String keyValue(Column column, Random random) {
        return column.kind().value(random.nextInt(key.size() > 1 ? Kind.NEAR + 2 : KEYS));
    }
}
