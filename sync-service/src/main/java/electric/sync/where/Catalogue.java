package electric.sync.where;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Postgres itself offers: its types, operators, functions and casts, whether they can be calculated here or not. What
 * is chosen among them is chosen as Postgres does.
 */
final class Catalogue {
    /**
     * A function, or the function behind an operator.
     *
     * @param name that of the function
     * @param parameters as declared
     * @param volatility {@code i}, {@code s} or {@code v}
     * @param variadic whether the last parameter stands for any number of arguments
     * @param defaults how many of the last parameters may be left out
     */
    record Entry(
            String name,
            List<Type> parameters,
            Type result,
            char volatility,
            boolean strict,
            boolean variadic,
            int defaults) {
        String signature() {
            return Catalogue.signature(name, parameters);
        }
    }

    enum CastContext {
        IMPLICIT,
        ASSIGNMENT,
        EXPLICIT
    }

    enum CastMethod {
        FUNCTION,
        BINARY,
        TEXT
    }

    /** @param function its name; meaningless for the other methods */
    record Cast(CastContext context, CastMethod method, String function) {}

    private record Conversion(Type from, Type to) {}

    private record Category(char letter, boolean preferred) {}

    private static final Catalogue POSTGRES = new Catalogue();

    private final Map<Type, Category> categories = new HashMap<>();
    private final Map<Conversion, Cast> casts = new HashMap<>();
    private final Map<String, Type> types = new ConcurrentHashMap<>();

    /** As they are in the file, by their name: most are never asked for. */
    private final Map<String, List<String>> operatorLines = new HashMap<>();

    private final Map<String, List<String>> functionLines = new HashMap<>();
    private final Map<String, List<Entry>> operators = new ConcurrentHashMap<>();
    private final Map<String, List<Entry>> functions = new ConcurrentHashMap<>();

    private Catalogue() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.tsv")) {
            byte[] bytes = Objects.requireNonNull(in, "catalogue.tsv").readAllBytes();
            String text = new String(bytes, StandardCharsets.US_ASCII);
            int from = 0;
            for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
                add(text.substring(from, end));
                from = end + 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        int kindEnd = line.indexOf('\t');
        switch (line.substring(0, kindEnd)) {
            case "type" -> {
                String[] field = line.split("\t", -1);
                categories.put(named(field[1]), new Category(field[2].charAt(0), field[3].equals("1")));
            }
            case "operator" -> addLine(operatorLines, line, kindEnd + 1);
            case "function" -> addLine(functionLines, line, kindEnd + 1);
            case "cast" -> {
                String[] field = line.split("\t", -1);
                casts.put(
                        new Conversion(named(field[1]), named(field[2])),
                        new Cast(context(field[3]), method(field[4]), field[5]));
            }
            default -> throw new IllegalStateException("what is this in catalogue.tsv: " + line);
        }
    }

    private static void addLine(Map<String, List<String>> lines, String line, int nameStart) {
        String name = line.substring(nameStart, line.indexOf('\t', nameStart));
        lines.computeIfAbsent(name, n -> new ArrayList<>()).add(line);
    }

    private Entry operator(String line) {
        String[] field = line.split("\t", -1);
        boolean prefix = field[2].equals("-");
        List<Type> operands = prefix ? List.of(named(field[3])) : List.of(named(field[2]), named(field[3]));
        return new Entry(field[5], operands, named(field[4]), field[6].charAt(0), field[7].equals("1"), false, 0);
    }

    private Entry function(String line) {
        String[] field = line.split("\t", -1);
        return new Entry(
                field[1],
                list(field[2]),
                named(field[3]),
                field[4].charAt(0),
                field[5].equals("1"),
                field[6].equals("1"),
                Integer.parseInt(field[7]));
    }

    private List<Type> list(String names) {
        List<Type> list = new ArrayList<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(",", -1)) {
            list.add(named(name));
        }
        return List.copyOf(list);
    }

    private Type named(String name) {
        Type known = types.get(name);
        if (known == null) {
            known = name.endsWith("[]")
                    ? new Type.Array(named(name.substring(0, name.length() - 2)))
                    : Types.builtIn(name);
            types.put(name, known);
        }
        return known;
    }

    private static CastContext context(String letter) {
        return switch (letter) {
            case "i" -> CastContext.IMPLICIT;
            case "a" -> CastContext.ASSIGNMENT;
            case "e" -> CastContext.EXPLICIT;
            default -> throw new IllegalStateException("what is the context " + letter + " in catalogue.tsv?");
        };
    }

    private static CastMethod method(String letter) {
        return switch (letter) {
            case "f" -> CastMethod.FUNCTION;
            case "b" -> CastMethod.BINARY;
            case "i" -> CastMethod.TEXT;
            default -> throw new IllegalStateException("what is the method " + letter + " in catalogue.tsv?");
        };
    }

    /** As {@link Routines} has it: {@code int4pl(int4,int4)}. */
    static String signature(String name, List<Type> parameters) {
        StringBuilder signature = new StringBuilder(name).append('(');
        for (int i = 0; i < parameters.size(); i++) {
            signature.append(i == 0 ? "" : ",").append(parameters.get(i).name());
        }
        return signature.append(')').toString();
    }

    /** All with that many operands: 1 for prefix operators. */
    static List<Entry> operators(String symbol, int operands) {
        List<String> lines = POSTGRES.operatorLines.get(symbol);
        return lines == null
                ? List.of()
                : POSTGRES
                        .operators
                        .computeIfAbsent(
                                symbol,
                                s -> lines.stream().map(POSTGRES::operator).toList())
                        .stream()
                        .filter(entry -> entry.parameters().size() == operands)
                        .toList();
    }

    static List<Entry> functions(String name) {
        List<String> lines = POSTGRES.functionLines.get(name);
        return lines == null
                ? List.of()
                : POSTGRES.functions.computeIfAbsent(
                        name, n -> lines.stream().map(POSTGRES::function).toList());
    }

    static Optional<Cast> cast(Type from, Type to) {
        return Optional.ofNullable(POSTGRES.casts.get(new Conversion(from, to)));
    }

    /** Of a type that an expression can be of, no pseudo-type. */
    static boolean hasType(String name) {
        Type type = POSTGRES.types.get(name);
        Category category = type == null ? null : POSTGRES.categories.get(type);
        return category != null && category.letter != 'P' && category.letter != 'X';
    }

    /** As {@code typcategory}. */
    static char category(Type type) {
        return switch (type) {
            case Type.Array array -> 'A';
            case Type.Enumerated e -> 'E';
            case Type.Unknown unknown -> 'X';
            case Type.RowOf row -> 'P';
            case Type.Known known -> listed(known).letter;
            case Type.Opaque opaque -> listed(opaque).letter;
        };
    }

    /** Whether its category prefers it. */
    static boolean isPreferred(Type type) {
        return switch (type) {
            case Type.Array array -> false;
            case Type.Enumerated e -> false;
            case Type.Unknown unknown -> false;
            case Type.RowOf row -> false;
            case Type.Known known -> listed(known).preferred;
            case Type.Opaque opaque -> listed(opaque).preferred;
        };
    }

    private static Category listed(Type type) {
        return POSTGRES.categories.getOrDefault(type, new Category('U', false));
    }
}
