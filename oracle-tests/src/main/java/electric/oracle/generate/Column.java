package electric.oracle.generate;

import java.util.Random;

/**
 * A column of a made-up table.
 *
 * @param name unquoted
 */
record Column(String name, Kind kind, boolean nullable) {
    String sql() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    String definition() {
        return sql() + " " + kind.type() + (nullable ? "" : " NOT NULL");
    }

    String value(Random random) {
        return nullable && random.nextInt(6) == 0 ? "NULL" : kind.value(random);
    }
}
