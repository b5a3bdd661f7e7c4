package electric.oracle.generate;

import electric.oracle.scenario.FilterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes up filters on a table, with constants near its rows, so that there are rows on both sides. */
final class Filters {
    private final Table table;
    private final Random random;

    /** A condition, with its constants in the text or beside it. */
    record Clause(FilterClass filterClass, Optional<String> where, List<String> parameters) {}

    Filters(Table table, Random random) {
        this.table = table;
        this.random = random;
    }

    Clause clause(FilterClass filterClass) {
        return switch (filterClass) {
            case O0 -> new Clause(filterClass, Optional.empty(), List.of());
            case O1 -> parameterised(filterClass, indexed());
            case O2 -> parameterised(filterClass, evaluated(2));
            case O3, O4, O5, O6 -> throw new IllegalArgumentException(filterClass + " is not of the row alone");
        };
    }

    /** What an index finds. */
    private String indexed() {
        Column column = columns(any -> any.kind().isPlain());
        String other = column.sql();
        Kind kind = column.kind();
        String one = switch (random.nextInt(kind.isOrdered() ? 5 : 3)) {
            case 0 -> other + " = " + near(kind);
            case 1 -> other + " IN (" + some(kind, 2 + random.nextInt(3)) + ")";
            case 2 -> other + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 3 -> ordered(column) + " >= " + low(kind) + " AND " + ordered(column) + " < " + high(kind);
            default -> ordered(column) + (random.nextBoolean() ? " > " : " <= ") + near(kind);
        };
        return random.nextInt(4) == 0 ? "(" + one + ") AND (" + other + " = " + near(kind) + ")" : "(" + one + ")";
    }

    /** Of one column. */
    String atomic() {
        return evaluated(0);
    }

    private String evaluated(int depth) {
        if (depth > 0 && random.nextInt(5) < 3) {
            return switch (random.nextInt(5)) {
                case 0, 1 -> "(" + evaluated(depth - 1) + " AND " + evaluated(depth - 1) + ")";
                case 2, 3 -> "(" + evaluated(depth - 1) + " OR " + evaluated(depth - 1) + ")";
                default -> "(NOT " + evaluated(depth - 1) + ")";
            };
        }
        Column column = columns(any -> true);
        Kind kind = column.kind();
        String it = column.sql();
        return switch (kind) {
            case TEXT, VARCHAR -> text(column);
            case INT2, INT4, INT8, NUMERIC -> number(column);
            case BOOL ->
                "("
                        + List.of(it, "NOT " + it, it + " IS NOT TRUE", it + " IS DISTINCT FROM true")
                                .get(random.nextInt(4))
                        + ")";
            case INT4S ->
                List.of(
                                "(" + random.nextInt(Kind.NEAR) + " = ANY (" + it + "))",
                                "(" + it + " @> '{" + random.nextInt(Kind.NEAR) + "}')")
                        .get(random.nextInt(2));
            case TEXTS ->
                List.of("(" + it + " && '{t1,t2,t3}')", "('t" + random.nextInt(Kind.NEAR) + "' = ANY (" + it + "))")
                        .get(random.nextInt(2));
            case JSONB -> "(" + it + "->>'b' = 't" + random.nextInt(Kind.NEAR / 2) + "')";
            case BPCHAR, UUID_, FLOAT8, DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL, BYTEA -> plain(column);
        };
    }

    private String text(Column column) {
        String it = column.sql();
        return switch (random.nextInt(6)) {
            case 0 -> "(" + it + " LIKE 'v%" + random.nextInt(4) + "')";
            case 1 -> "(" + it + " NOT LIKE '%" + random.nextInt(Kind.NEAR) + "')";
            case 2 -> "(" + it + " ILIKE 'V_')";
            case 3 -> "(length(" + it + ") > " + random.nextInt(3) + ")";
            case 4 -> "(" + it + " || 'x' IN ('v1x', 'v2x', 'v3x', 'x'))";
            default -> plain(column);
        };
    }

    private String number(Column column) {
        String it = column.sql();
        return switch (random.nextInt(4)) {
            case 0 -> "(" + it + " % 2 = 0)";
            case 1 -> "(" + it + " BETWEEN " + low(column.kind()) + " AND " + high(column.kind()) + ")";
            case 2 -> "(coalesce(" + it + ", 7) > " + near(column.kind()) + ")";
            default -> plain(column);
        };
    }

    private String plain(Column column) {
        Kind kind = column.kind();
        String it = column.sql();
        return switch (random.nextInt(4)) {
            case 0 -> "(" + it + " <> " + near(kind) + ")";
            case 1 -> "(" + it + " NOT IN (" + some(kind, 3) + "))";
            case 2 -> "(" + it + " IS NOT DISTINCT FROM " + near(kind) + ")";
            default -> "(" + ordered(column) + " < " + high(kind) + ")";
        };
    }

    private static String ordered(Column column) {
        return column.kind().isTextual() || column.kind() == Kind.BPCHAR
                ? column.sql() + " COLLATE \"C\""
                : column.sql();
    }

    private Column columns(java.util.function.Predicate<Column> wanted) {
        List<Column> all = new ArrayList<>(table.columns());
        if (!table.hasKey()) {
            // Its numbers are far from each other.
            all.removeFirst();
        }
        List<Column> fitting = all.stream().filter(wanted).toList();
        return fitting.isEmpty() ? table.columns().getFirst() : fitting.get(random.nextInt(fitting.size()));
    }

    private String near(Kind kind) {
        return kind.value(random.nextInt(Kind.NEAR));
    }

    private String low(Kind kind) {
        return kind.value(1 + random.nextInt(Kind.NEAR / 2));
    }

    private String high(Kind kind) {
        return kind.value(Kind.NEAR / 2 + random.nextInt(Kind.NEAR / 2));
    }

    private String some(Kind kind, int count) {
        return IntStream.range(0, count).mapToObj(i -> near(kind)).collect(Collectors.joining(", "));
    }

    /** Now and then a text constant travels beside the clause. */
    Clause parameterised(FilterClass filterClass, String where) {
        int quoted = where.indexOf(" = 'v");
        if (quoted < 0 || random.nextBoolean()) {
            return new Clause(filterClass, Optional.of(where), List.of());
        }
        int begin = quoted + 3;
        int end = where.indexOf('\'', begin + 1);
        return new Clause(
                filterClass,
                Optional.of(where.substring(0, begin) + "$1" + where.substring(end + 1)),
                List.of(where.substring(begin + 1, end)));
    }
}
