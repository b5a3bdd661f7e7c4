package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Collation;
import electric.sync.value.Agreement;
import electric.sync.value.Bool;
import electric.sync.value.CaseMapping;
import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every routine that can be calculated here gives what Postgres gives, over the edges of its types. */
final class RoutinesTest {
    private static final int CASES = Integer.getInteger("routines.cases", 150);
    private static final Collation C = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);

    /** Of those that take any type: some that they may take. */
    private static final List<String> ANY =
            List.of("int4", "text", "bool", "bpchar", "numeric", "float8", "bytea", "uuid");

    private static final Set<String> POWERS = Set.of("power", "pow", "numeric_power");

    private static final Map<String, Type> TYPES = new HashMap<>();
    private static final Map<String, List<String>> EDGES = new HashMap<>();

    static {
        type("bool", PgType.BOOL, "true", "false");
        type(
                "int2",
                PgType.INT2,
                "0",
                "1",
                "-1",
                "2",
                "3",
                "7",
                "15",
                "16",
                "31",
                "-3",
                "32767",
                "-32768",
                "-32767",
                "100");
        type(
                "int4",
                PgType.INT4,
                "0 1 -1 2 3 4 5 6 7 10 15 16 31 32 63 64 -2 -3 -5 65 233 128512 2147483647 -2147483648 -2147483647"
                        .split(" "));
        type(
                "int8",
                PgType.INT8,
                "0 1 -1 2 3 7 10 20 63 -3 2147483648 -2147483649 9223372036854775807 -9223372036854775808 4611686018427387904"
                        .split(" "));
        String floats =
                "0 -0 1 -1 0.5 1.5 2.5 -0.5 -1.5 -2.5 0.1 3 27 -8 64 1e10 -1e10 1e20 NaN Infinity -Infinity 100.25"
                        + " 32767.5 -32768.5 2147483647 9223372036854775807";
        type("float4", PgType.FLOAT4, (floats + " 3.4e38 -3.4e38 1.4e-45 1e-30").split(" "));
        type("float8", PgType.FLOAT8, (floats + " 1.7e308 -1.7e308 5e-324 1e-300 4503599627370495.5").split(" "));
        type(
                "numeric",
                PgType.NUMERIC,
                ("0 0.00 1 1.0 -1 2 3 0.5 -0.5 1.5 2.5 -2.5 10 100 0.1 1e-20 123456789.987654321 -99999.99999 1e30"
                                + " 2147483647.5 9223372036854775807.5 NaN Infinity -Infinity 12.3400 0.0001 9999 10000 0.00012345")
                        .split(" "));
        String[] texts = {
            "",
            " ",
            "a",
            "A",
            "abc",
            "aBc",
            " ab ",
            "a,b,,c",
            "aaa",
            "ab",
            "b",
            "é",
            "日本語",
            "a\uD83D\uDE00b",
            "a%_\\",
            "'",
            "\\",
            "hello World 1x",
            "x'y\\z",
            ",",
            "aé日",
            "Zz"
        };
        type("text", PgType.TEXT, texts);
        type("varchar", PgType.TEXT, texts);
        type("name", PgType.TEXT, "", "a", "pg_class", "é");
        type("bpchar", PgType.BPCHAR, "", "a", "a  ", " b ", "éé ", "ab\t ");
        type("bytea", PgType.BYTEA, "\\x", "\\x00", "\\xff", "\\x616263", "\\x00ff10203040", "\\xc3a9", "\\x5c25");
        type("uuid", PgType.UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000");
    }

    private static void type(String name, PgType<?> values, String... edges) {
        TYPES.put(name, new Type.Known(name, values));
        EDGES.put(name, List.of(edges));
    }

    private static Type type(String name) {
        return Objects.requireNonNull(TYPES.get(name));
    }

    @Test
    void numbersAndTextAreCalculatedAsPostgresDoes() throws IOException {
        Agreement agreement = new Agreement();
        int held = 0;
        for (Function function : functions()) {
            if (Routines.find(function.signature()).isEmpty() || !function.isOfOurTypes()) {
                continue;
            }
            held++;
            // Its own, so that one routine more leaves the cases of the others as they are.
            Random random = new Random(Agreement.SEED + function.signature().hashCode());
            for (int i = 0; i < CASES; i++) {
                oneCase(agreement, function, random);
            }
        }
        assertThat(held).isGreaterThan(150);
        agreement.holds(0.2);
    }

    private static void oneCase(Agreement agreement, Function function, Random random) {
        List<String> types = new ArrayList<>(function.parameters());
        if (function.variadic()) {
            String last = types.removeLast();
            types.addAll(Collections.nCopies(random.nextInt(1, 4), last));
        }
        List<Type> chosen = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (String declared : types) {
            String type = declared.startsWith("any") ? ANY.get(random.nextInt(ANY.size())) : declared;
            List<String> edges = Objects.requireNonNull(EDGES.get(type));
            String literal = edges.get(random.nextInt(edges.size()));
            boolean isNull = !function.strict() && random.nextInt(5) == 0;
            chosen.add(type(type));
            values.add(isNull ? null : type(type).values().input(literal));
            String sql = (isNull ? "NULL" : Agreement.quote(literal)) + "::pg_catalog.\"" + type + "\"";
            arguments.add(isText(type) ? "(" + sql + " COLLATE \"C\")" : sql);
        }
        Type result = type(function.result());
        Routines.Use use = new Routines.Use(
                chosen, result, Collections.nCopies(types.size(), null), C, collation -> CaseMapping.ASCII);
        String call = "pg_catalog.\"" + function.name() + "\"(" + String.join(", ", arguments) + ")";
        // Versions before 16 show other digits of the same power: NumericTest holds those of later ones.
        boolean scaleDiffers =
                POWERS.contains(function.name()) && function.result().equals("numeric");
        agreement.add(scaleDiffers ? "trim_scale(" + call + ")" : call, () -> {
            Object value =
                    Routines.find(function.signature()).orElseThrow().bind(use).apply(values.toArray());
            return value == null ? null : asText(result, scaleDiffers ? ((Numeric) value).trimScale() : value);
        });
    }

    private static boolean isText(String type) {
        return Set.of("text", "varchar", "bpchar", "name").contains(type);
    }

    private static String asText(Type type, Object value) {
        return switch (type.name()) {
            case "bool" -> Bool.print((Boolean) value);
            case "bpchar" -> ((String) value).replaceAll(" +$", "");
            default -> output(type.values(), value);
        };
    }

    @SuppressWarnings("unchecked")
    private static <V> String output(PgType<V> values, Object value) {
        return values.output((V) value);
    }

    private record Function(String name, List<String> parameters, String result, boolean strict, boolean variadic) {
        String signature() {
            return name + "(" + String.join(",", parameters) + ")";
        }

        boolean isOfOurTypes() {
            return TYPES.containsKey(result)
                    && parameters.stream()
                            .allMatch(type -> TYPES.containsKey(type)
                                    || Set.of("any", "anynonarray", "anyelement")
                                            .contains(type));
        }
    }

    /** Of the catalogue; functions behind operators may be missing among its functions. */
    private static Set<Function> functions() throws IOException {
        Set<Function> functions = new HashSet<>();
        try (InputStream in = RoutinesTest.class.getResourceAsStream("/electric/sync/where/catalogue.tsv")) {
            for (String line : new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] fields = line.split("\t", -1);
                if (fields[0].equals("function")) {
                    List<String> parameters = fields[2].isEmpty() ? List.of() : List.of(fields[2].split(","));
                    functions.add(new Function(
                            fields[1], parameters, fields[3], fields[5].equals("1"), fields[6].equals("1")));
                }
            }
        }
        return functions;
    }
}
