package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cases that a real Postgres answers too, thousands in one round trip. Both must give the same text or both refuse; only
 * {@link NotExact} may refuse what Postgres answers, and only for the share of cases that a test allows.
 */
public final class Agreement {
    public static final long SEED = Long.getLong("value.seed", 20_261_120L);
    private static final int MOST_SHOWN = 25;
    private static final String DATABASE = TestPostgres.shared().freshDatabase();

    static {
        try {
            TestPostgres.shared().sql(DATABASE, """
                    CREATE FUNCTION answer(query text) RETURNS text LANGUAGE plpgsql AS $$
                    DECLARE result text;
                    BEGIN
                      EXECUTE 'SELECT (' || query || ')::text' INTO result;
                      RETURN coalesce('=' || result, 'NULL');
                    EXCEPTION WHEN others THEN
                      RETURN '!' || sqlstate || ' ' || sqlerrm;
                    END $$
                    """);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static final int MAJOR = serverMajor();

    private final List<String> queries = new ArrayList<>();
    private final List<String> ours = new ArrayList<>();

    public static Random random() {
        return new Random(SEED);
    }

    /** A query of one expression, and what is made of it here: its text, {@code null} for NULL. */
    public Agreement add(String query, Supplier<@Nullable String> value) {
        queries.add(query);
        ours.add(answer(value));
        return this;
    }

    /** What an operator makes of two literals of a type. */
    <V> void operation(PgType<V> type, String a, String operator, String b, BinaryOperator<V> ours) {
        String cast = "::" + type.name();
        add(
                quote(a) + cast + " " + operator + " " + quote(b) + cast,
                () -> type.output(ours.apply(type.input(a), type.input(b))));
    }

    static String answer(Supplier<@Nullable String> value) {
        try {
            String text = value.get();
            return text == null ? "NULL" : "=" + text;
        } catch (InvalidValue refused) {
            return "!" + refused.sqlState() + " " + refused.text();
        } catch (NotExact unsure) {
            return "?";
        } catch (RuntimeException broken) {
            return "broken: " + broken;
        }
    }

    /** Every literal, read and written. What Postgres wrote is read back as its output, too. */
    static <V> void onLiterals(PgType<V> type, List<String> literals, double refusedShare) {
        Agreement agreement = new Agreement();
        for (String literal : literals) {
            agreement.add(quote(literal) + "::" + type.name(), () -> asText(type, type.input(literal)));
        }
        List<String> answers = agreement.holds(refusedShare);
        if (type == PgType.BOOL) {
            return;
        }
        assertThat(answers.stream().filter(answer -> answer.startsWith("=")))
                .as("output read back, seed %d", SEED)
                .allSatisfy(answer -> {
                    byte[] output = answer.substring(1).getBytes(StandardCharsets.UTF_8);
                    assertThat(answer(() -> asText(type, type.parse(output, 0, output.length))))
                            .isEqualTo(answer);
                });
    }

    /** As a cast to text writes it, which for two types is not their output. */
    public static <V> String asText(PgType<V> type, V value) {
        if (type == PgType.BOOL) {
            return Bool.print((Boolean) value);
        }
        return type == PgType.INET ? ((Inet) value).printCidr() : type.output(value);
    }

    /** Order and equality of pairs, and one hash for what is equal. Literals that are not values are left out. */
    static <V> void onOrder(PgType<V> type, List<String> literals, int pairs) {
        List<String> values = literals.stream()
                .filter(literal ->
                        answer(() -> type.output(type.input(literal))).startsWith("="))
                .toList();
        Random random = random();
        Agreement agreement = new Agreement();
        for (int i = 0; i < pairs; i++) {
            String a = values.get(random.nextInt(values.size()));
            String b = values.get(random.nextInt(values.size()));
            agreement.add(
                    quote(a) + "::" + type.name() + " < " + quote(b) + "::" + type.name(),
                    () -> String.valueOf(type.compare(type.input(a), type.input(b)) < 0));
            agreement.add(quote(a) + "::" + type.name() + " = " + quote(b) + "::" + type.name(), () -> {
                boolean equal = type.compare(type.input(a), type.input(b)) == 0;
                if (equal && type.hash(type.input(a)) != type.hash(type.input(b))) {
                    throw new IllegalStateException("equal values with different hashes");
                }
                return String.valueOf(equal);
            });
        }
        agreement.holds(0);
    }

    /** Asks Postgres and returns its answers. */
    public List<String> holds(double refusedShare) {
        List<String> theirs = ask();
        List<String> disagreements = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < theirs.size(); i++) {
            String answer = theirs.get(i);
            String our = ours.get(i);
            if (our.equals("?")) {
                refused += answer.startsWith("!") ? 0 : 1;
            } else if (!answer.equals(our) && !isRefused(answer, our)) {
                disagreements.add(queries.get(i) + "  Postgres: " + cut(answer) + "  here: " + cut(our));
            }
        }
        assertThat(disagreements.stream().limit(MOST_SHOWN))
                .as("%d of %d cases, seed %d", disagreements.size(), theirs.size(), SEED)
                .isEmpty();
        assertThat(refused)
                .as("refused of %d cases, seed %d: %s", theirs.size(), SEED, refusedQueries(theirs))
                .isLessThanOrEqualTo((int) (refusedShare * theirs.size()));
        return theirs;
    }

    /**
     * By both; or, where the server is not the newest major, by one: older ones refuse a little more and a little less, and
     * either way a filter is refused. What both answer must be the same in every major.
     */
    private static boolean isRefused(String answer, String our) {
        boolean theirs = answer.startsWith("!");
        boolean ours = our.startsWith("!");
        return MAJOR >= 18 ? theirs && ours : theirs || ours;
    }

    private List<String> refusedQueries(List<String> theirs) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < theirs.size() && refused.size() < MOST_SHOWN; i++) {
            if (ours.get(i).equals("?") && !theirs.get(i).startsWith("!")) {
                refused.add(queries.get(i));
            }
        }
        return refused;
    }

    private static String cut(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }

    private List<String> ask() {
        try (Connection connection = TestPostgres.shared().connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("SET DateStyle = 'ISO, DMY'; SET TimeZone = 'UTC'; SET IntervalStyle = iso_8601;"
                    + " SET extra_float_digits = 1; SET bytea_output = hex");
            Array asked = connection.createArrayOf("text", queries.toArray());
            try (PreparedStatement answers = connection.prepareStatement(
                    "SELECT answer(q) FROM unnest(?) WITH ORDINALITY AS u(q, n) ORDER BY n")) {
                answers.setArray(1, asked);
                List<String> theirs = new ArrayList<>();
                try (ResultSet rows = answers.executeQuery()) {
                    while (rows.next()) {
                        theirs.add(rows.getString(1));
                    }
                }
                return theirs;
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static int serverMajor() {
        try (Connection connection = TestPostgres.shared().connect(DATABASE)) {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public static String quote(String literal) {
        return "'" + literal.replace("'", "''") + "'";
    }

    /** The given literals, and as many again as asked for that are nearly one of them. */
    static List<String> withMutants(List<String> literals, int mutants, String alphabet) {
        Random random = random();
        List<String> all = new ArrayList<>(literals);
        for (int i = 0; i < mutants; i++) {
            StringBuilder text = new StringBuilder(literals.get(random.nextInt(literals.size())));
            int edits = 1 + random.nextInt(2);
            for (int e = 0; e < edits; e++) {
                int at = random.nextInt(text.length() + 1);
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.replace(at, Math.min(at + 1, text.length()), String.valueOf(c));
                    default -> text.delete(at, Math.min(at + 1, text.length()));
                }
            }
            all.add(text.toString());
        }
        return all;
    }
}
