package electric.sync.route;

import electric.sync.change.Collation;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.shape.Tables;
import electric.sync.value.ArrayValue;
import electric.sync.value.CaseMapping;
import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.where.Expr;
import electric.sync.where.Routine;
import electric.sync.where.Truth;
import electric.sync.where.Type;
import electric.sync.where.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table with a column of every kind, filters on it and rows of it, by chance. */
final class Zoo {
    private static final List<String> LABELS = List.of("sad", "ok", "happy");
    private static final ValueType MOOD = new ValueType.Enumerated(9000, "public", "mood", LABELS);

    /** LIKE, and two kinds of ILIKE; one has letters that change their length in bytes with their case. */
    private static final List<@Nullable CaseMapping> CASINGS = Arrays.asList(
            null,
            CaseMapping.ASCII,
            new CaseMapping(Map.of(0xC4, 0xE4, 0x130, (int) 'i', 0x212A, (int) 'k'), Map.of()));

    private record Animal(String name, ValueType type, List<String> texts) {}

    /** Texts as Postgres writes them; most are few, so that filters and rows meet. */
    private static final List<Animal> COLUMNS = List.of(
            animal("i", "int4", "0", "1", "2", "3", "7", "-1", "2147483647", "-2147483648"),
            animal("l", "int8", "0", "1", "2", "9007199254740993", "9223372036854775807", "-9223372036854775808"),
            animal("n", "numeric", "0", "1", "1.0", "1.00", "1.5", "-3", "NaN", "Infinity", "-Infinity", "1000"),
            animal("g", "float4", "0", "-0", "0.1", "1", "1.5", "NaN", "Infinity", "-Infinity", "1e+20"),
            animal("f", "float8", "0", "-0", "0.1", "1", "1.5", "NaN", "Infinity", "-Infinity", "1e+300"),
            animal(
                    "t",
                    "text",
                    "",
                    "a",
                    "ab",
                    "abc",
                    "abd",
                    "b",
                    "a%",
                    "ä",
                    "\uD83D\uDE00",
                    "\uFFFD",
                    "a ",
                    "xABcy",
                    "\u00C4bc",
                    "\u0130b\u212A"),
            animal("c", "bpchar", "a    ", "ab   ", "b    ", "     "),
            animal("b", "bool", "t", "f"),
            animal(
                    "u",
                    "uuid",
                    "00000000-0000-0000-0000-000000000000",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    "7fffffff-ffff-ffff-8000-000000000000",
                    "a0000000-0000-0000-0000-000000000001"),
            animal("d", "date", "2024-02-29", "1999-12-31", "infinity", "-infinity", "0044-03-15 BC"),
            animal("s", "timestamp", "2024-02-29 10:00:00", "2024-02-29 10:00:00.1", "infinity", "-infinity"),
            animal("v", "interval", "P1D", "PT24H", "P1M", "P30D", "P-1D", "PT0S"),
            new Animal("e", MOOD, LABELS),
            new Animal(
                    "ia",
                    new ValueType.Array(new ValueType.BuiltIn("int4")),
                    List.of("{}", "{1}", "{1,2}", "{2,1,1}", "{{1,2},{3,7}}", "{NULL}", "{1,NULL}", "[0:1]={7,3}")),
            new Animal(
                    "ta",
                    new ValueType.Array(new ValueType.BuiltIn("text")),
                    List.of("{}", "{a}", "{a,b}", "{\"\",ab}", "{NULL,a}", "{{a},{b}}")));

    private final Random random;

    Zoo(Random random) {
        this.random = random;
    }

    private static Animal animal(String name, String type, String... texts) {
        return new Animal(name, new ValueType.BuiltIn(type), List.of(texts));
    }

    static Table table() {
        Collation c = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);
        List<Table.Column> columns = COLUMNS.stream()
                .map(animal ->
                        new Table.Column(animal.name, 1, -1, "t", 0, false, Table.Generated.NO, -1, animal.type, c))
                .toList();
        return new Table(7, new RelationName("public", "zoo"), false, columns, List.of());
    }

    static Relation relation() {
        return Tables.relation(table());
    }

    static int column(String name) {
        return IntStream.range(0, COLUMNS.size())
                .filter(i -> COLUMNS.get(i).name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Expr.Column expr(String name) {
        int index = column(name);
        return new Expr.Column(
                index,
                name,
                Types.of(COLUMNS.get(index).type),
                table().columns().get(index).collation());
    }

    static Expr.Constant constant(Type type, String literal) {
        return new Expr.Constant(type, type.values().input(literal));
    }

    /** {@code column op 'literal'}, of the column's own type. */
    static Expr compare(String column, Expr.Comparison comparison, String literal) {
        Expr.Column expr = expr(column);
        return new Expr.Compare(comparison, expr.type(), expr, constant(expr.type(), literal));
    }

    static Expr equal(String column, String literal) {
        return compare(column, Expr.Comparison.EQUAL, literal);
    }

    static Row row(String... namesAndTexts) {
        @Nullable String[] texts = new String[COLUMNS.size()];
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts[column(namesAndTexts[i])] = namesAndTexts[i + 1];
        }
        return Row.of(texts);
    }

    Row row() {
        @Nullable String[] texts = new String[COLUMNS.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = chance(6) ? null : pick(COLUMNS.get(i).texts);
        }
        return Row.of(texts);
    }

    private boolean chance(int outOf) {
        return random.nextInt(outOf) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    Expr filter(int height) {
        if (height == 0 || chance(4)) {
            return leaf();
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Expr.And(operands(height));
            case 3, 4, 5 -> new Expr.Or(operands(height));
            case 6 -> new Expr.Not(filter(height - 1));
            default ->
                new Expr.TruthTest(filter(height - 1), pick(Arrays.asList(Truth.values())), random.nextBoolean());
        };
    }

    private List<Expr> operands(int height) {
        return IntStream.range(0, 2 + random.nextInt(3))
                .mapToObj(i -> filter(height - 1))
                .toList();
    }

    private Expr leaf() {
        Animal animal = pick(COLUMNS);
        Expr.Column column = expr(animal.name);
        if (chance(8)) {
            return new Expr.NullTest(column, random.nextBoolean());
        }
        if (chance(60)) {
            return new Expr.Constant(Types.BOOL, pick(Arrays.asList(true, false, null)));
        }
        Type type = column.type();
        Function<Object, Expr> of = value -> new Expr.Constant(type, value);
        Object value = value(animal, type);
        if (type instanceof Type.Array array) {
            return chance(3) ? compare(type, column, of.apply(value)) : inArray(column, array, animal);
        }
        return switch (random.nextInt(9)) {
            case 0 -> new Expr.In(type, column, values(animal, type));
            case 1 -> {
                Expr.Constant other = chance(4) ? new Expr.Constant(type, null) : (Expr.Constant) of.apply(value);
                yield random.nextBoolean()
                        ? new Expr.Distinct(type, column, other, random.nextBoolean())
                        : new Expr.Distinct(type, other, column, random.nextBoolean());
            }
            case 2 ->
                new Expr.And(List.of(
                        new Expr.Compare(Expr.Comparison.GREATER_OR_EQUAL, type, column, of.apply(value)),
                        new Expr.Compare(Expr.Comparison.LESS_OR_EQUAL, type, column, of.apply(value(animal, type)))));
            case 3 -> special(animal, column);
            case 4, 5 -> new Expr.Compare(Expr.Comparison.EQUAL, type, column, of.apply(value));
            default -> compare(type, column, of.apply(value));
        };
    }

    private Expr compare(Type domain, Expr column, Expr constant) {
        Expr.Comparison comparison = pick(Arrays.asList(Expr.Comparison.values()));
        return random.nextBoolean()
                ? new Expr.Compare(comparison, domain, column, constant)
                : new Expr.Compare(comparison, domain, constant, column);
    }

    private Object value(Animal animal, Type type) {
        return type.values().input(pick(animal.texts));
    }

    private List<@Nullable Object> values(Animal animal, Type type) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            values.add(chance(6) ? null : value(animal, type));
        }
        return values;
    }

    /** What has more than one type, or is more than a comparison. */
    private Expr special(Animal animal, Expr.Column column) {
        return switch (animal.name) {
            case "i", "l" -> random.nextBoolean() ? asNumeric(column) : asFloat(column);
            case "g" -> {
                Expr wide = call("float8", Types.FLOAT8, arguments -> ((Float) arguments[0]).doubleValue(), column);
                double other = pick(List.of(0.1, (double) 0.1f, -0.0, Double.NaN, 1.5));
                yield compare(Types.FLOAT8, wide, new Expr.Constant(Types.FLOAT8, other));
            }
            case "t" -> {
                yield random.nextInt(4) == 0 ? new Expr.And(List.of(like(column), like(column))) : like(column);
            }
            case "c" -> {
                if (random.nextBoolean()) {
                    String pattern = pick(List.of("a%", "ab", "ab %", "%"));
                    yield new Expr.Like(column, new Expr.Constant(Types.TEXT, pattern), null);
                }
                Expr text = call("text", Types.TEXT, arguments -> Text.trim((String) arguments[0]), column);
                yield compare(Types.TEXT, text, new Expr.Constant(Types.TEXT, pick(List.of("a", "a ", "ab", ""))));
            }
            case "b" -> column;
            default -> new Expr.NullTest(column, random.nextBoolean());
        };
    }

    private Expr like(Expr.Column column) {
        String pattern = pick(List.of(
                "a%",
                "ab%",
                "a_c",
                "abc",
                "%b",
                "",
                "a\\%",
                "\uD83D\uDE00%",
                "a%c",
                "%",
                "%B%",
                "%bc%",
                "_B%",
                "%a_c",
                "%\u00E4%",
                "%I%K%",
                "%\\%",
                "a%bd"));
        return new Expr.Like(column, new Expr.Constant(Types.TEXT, pattern), pick(CASINGS));
    }

    private Expr asNumeric(Expr.Column column) {
        Expr wide = call("numeric", Types.NUMERIC, arguments -> Numeric.of((Long) arguments[0]), column);
        String literal = pick(List.of(
                "1",
                "1.5",
                "-0.5",
                "3000000000",
                "9223372036854775808",
                "1e30",
                "-1e30",
                "NaN",
                "Infinity",
                "-Infinity",
                "2147483647",
                "9223372036854775807"));
        return compare(Types.NUMERIC, wide, constant(Types.NUMERIC, literal));
    }

    private Expr asFloat(Expr.Column column) {
        Expr wide = call("float8", Types.FLOAT8, arguments -> ((Long) arguments[0]).doubleValue(), column);
        String literal = pick(List.of(
                "1",
                "1.5",
                "-0.5",
                "-0",
                "9007199254740992",
                "9007199254740994",
                "9.223372036854775807e18",
                "NaN",
                "Infinity",
                "-Infinity",
                "2147483647",
                "-2147483648.5"));
        return compare(Types.FLOAT8, wide, constant(Types.FLOAT8, literal));
    }

    private static Expr call(String name, Type result, Function<Object[], Object> body, Expr... arguments) {
        Routine routine = new Routine(
                name,
                Arrays.stream(arguments).map(Expr::type).toList(),
                result,
                true,
                values -> body.apply(
                        Arrays.stream(values).map(Objects::requireNonNull).toArray()),
                new Routine.Spelling.Function(name));
        return new Expr.Call(routine, List.of(arguments));
    }

    @SuppressWarnings("unchecked")
    private Expr inArray(Expr.Column column, Type.Array type, Animal animal) {
        Expr constant = new Expr.Constant(type, value(animal, type));
        PgType<Object> element = (PgType<Object>) type.element().values();
        return switch (random.nextInt(4)) {
            case 0 -> contains("arraycontains", column, constant, element, false);
            case 1 -> contains("arraycontained", constant, column, element, true);
            case 2 ->
                call(
                        "arrayoverlap",
                        Types.BOOL,
                        arguments -> ((ArrayValue<Object>) arguments[0])
                                .overlaps((ArrayValue<Object>) arguments[1], element),
                        column,
                        constant);
            default -> {
                Type domain = type.element().equals(Types.INT4) ? Types.INT8 : type.element();
                Object wanted = element.input(type.element().equals(Types.INT4) ? pick(List.of("1", "2", "7")) : "a");
                Expr test = new Expr.Compare(
                        Expr.Comparison.EQUAL,
                        domain,
                        new Expr.Constant(domain, wanted),
                        new Expr.Element(type.element()));
                yield new Expr.Quantified(column, test, false);
            }
        };
    }

    @SuppressWarnings("unchecked")
    static Expr contains(String name, Expr left, Expr right, PgType<Object> element, boolean mirrored) {
        return call(
                name,
                Types.BOOL,
                arguments -> ((ArrayValue<Object>) arguments[mirrored ? 1 : 0])
                        .containsAll((ArrayValue<Object>) arguments[mirrored ? 0 : 1], element),
                left,
                right);
    }
}
