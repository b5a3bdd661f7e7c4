package electric.sync.pg;

import electric.sync.change.Table;
import electric.sync.change.Table.Column;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the columns of a table are described to clients, so that they know what the texts they get mean. */
public final class TableSchema {
    /** A modifier counts the 4 bytes of the length word with some types. */
    private static final int LENGTH_WORD = 4;

    /** The fields an interval may be restricted to, as bits of its modifier, in the order they are named. */
    private enum IntervalField {
        YEAR(2),
        MONTH(1),
        DAY(3),
        HOUR(10),
        MINUTE(11),
        SECOND(12);

        private final int bit;

        IntervalField(int shift) {
            this.bit = 1 << shift;
        }
    }

    private static final int ALL_INTERVAL_FIELDS = 0x7FFF;
    private static final int NO_INTERVAL_PRECISION = 0xFFFF;

    private TableSchema() {}

    /** A compact JSON object, one member for each of the columns. */
    public static String json(Table table, List<String> columns) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        for (String name : columns) {
            Column column = table.column(name);
            if (column != null) {
                schema.set(name, description(column));
            }
        }
        return schema.toString();
    }

    private static ObjectNode description(Column column) {
        ObjectNode description = JsonNodeFactory.instance.objectNode();
        description.put("type", column.typeName());
        if (column.dimensions() > 0) {
            description.put("dims", column.dimensions());
        }
        modifier(column.typeName(), column.typmod(), description);
        if (column.keyIndex() >= 0) {
            description.put("pk_index", column.keyIndex());
        }
        if (column.notNull() || column.keyIndex() >= 0) {
            description.put("not_null", true);
        }
        return description;
    }

    private static void modifier(String type, int typmod, ObjectNode description) {
        switch (type) {
            case "bit", "varbit" -> description.put("length", typmod);
            case "varchar", "text" -> positive("max_length", typmod, typmod - LENGTH_WORD, description);
            case "bpchar" -> positive("length", typmod, typmod - LENGTH_WORD, description);
            case "time", "timetz", "timestamp", "timestamptz", "date" ->
                positive("precision", typmod, typmod, description);
            case "numeric" -> {
                if (typmod >= 0) {
                    int digits = typmod - LENGTH_WORD;
                    description.put("precision", digits >> 16);
                    description.put("scale", digits & 0xFFFF);
                }
            }
            case "interval" -> {
                if (typmod >= 0) {
                    interval(typmod, description);
                }
            }
            default -> unnamed(typmod, description);
        }
    }

    private static void positive(String property, int typmod, int value, ObjectNode description) {
        if (typmod > 0) {
            description.put(property, value);
        } else {
            unnamed(typmod, description);
        }
    }

    private static void unnamed(int typmod, ObjectNode description) {
        if (typmod >= 0) {
            description.put("type_mod", typmod);
        }
    }

    private static void interval(int typmod, ObjectNode description) {
        int precision = typmod & 0xFFFF;
        if (precision != NO_INTERVAL_PRECISION) {
            description.put("precision", precision);
        }
        int range = typmod >>> 16;
        if (range != ALL_INTERVAL_FIELDS) {
            List<String> fields = new ArrayList<>();
            for (IntervalField field : IntervalField.values()) {
                if ((range & field.bit) != 0) {
                    fields.add(field.name());
                }
            }
            description.put(
                    "fields", fields.size() == 1 ? fields.getFirst() : fields.getFirst() + " TO " + fields.getLast());
        }
    }
}
