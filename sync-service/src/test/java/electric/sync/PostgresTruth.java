package electric.sync;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a real Postgres says of conditions on every row of a table, thousands in one round trip. */
public final class PostgresTruth {
    private static final Pattern PARAMETER = Pattern.compile("'(?:[^']|'')*'|\\$(\\d+)");

    private static final String ANSWERS = """
            CREATE OR REPLACE FUNCTION pg_temp.answers(condition text, rows text, key text) RETURNS text
            LANGUAGE plpgsql AS $$
            DECLARE
              letter text := 'CASE WHEN c THEN ''T'' WHEN NOT c THEN ''F'' ELSE ''N'' END FROM (SELECT ' || key
                  || ' AS k, (' || condition || E'\\n) AS c FROM ' || rows;
              answers text;
              answer text;
              one int;
              words text := '';
            BEGIN
              BEGIN
                EXECUTE 'SELECT string_agg(c, '''' ORDER BY k) FROM (SELECT k, ' || letter
                    || ' OFFSET 0) x) y' INTO answers;
                RETURN coalesce(answers, '');
              EXCEPTION WHEN others THEN
              END;
              BEGIN
                EXECUTE 'PREPARE asked (int) AS SELECT ' || letter || ' WHERE ' || key || ' = $1 OFFSET 0) x';
              EXCEPTION WHEN others THEN
                RETURN '!' || sqlstate || ' ' || sqlerrm;
              END;
              answers := '';
              FOR one IN EXECUTE 'SELECT ' || key || ' FROM ' || rows || ' ORDER BY 1' LOOP
                BEGIN
                  EXECUTE 'EXECUTE asked (' || one || ')' INTO answer;
                EXCEPTION WHEN others THEN
                  answer := 'E';
                  words := sqlstate || ' ' || sqlerrm;
                END;
                answers := answers || answer;
              END LOOP;
              DEALLOCATE asked;
              RETURN answers || ' ' || words;
            END $$
            """;

    private final Connection connection;

    /** @param connection whose settings become those that the protocol names */
    public PostgresTruth(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET DateStyle = 'ISO, DMY'; SET TimeZone = 'UTC'; SET IntervalStyle = iso_8601;"
                            + " SET extra_float_digits = 1; SET bytea_output = hex; SET jit = off; SET plan_cache_mode = force_generic_plan");
            statement.execute(ANSWERS);
        }
    }

    /**
     * Of each condition a letter per row in the order of the key, an integer: {@code T}, {@code F}, {@code N}, or
     * {@code E} where it fails; if it fails anywhere, the last error after a blank. Of one that cannot be asked, what
     * Postgres says of it, after an exclamation mark.
     */
    public List<String> of(List<String> conditions, String table, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_temp.answers(c, ?, ?) FROM unnest(?) WITH ORDINALITY AS u (c, n) ORDER BY n")) {
            statement.setString(1, table);
            statement.setString(2, key);
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            conditions.stream()
                                    .map(condition -> condition.replaceAll("[;\\s]+$", ""))
                                    .toArray()));
            List<String> answers = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    answers.add(found.getString(1));
                }
            }
            return answers;
        }
    }

    /** A condition with literals in the place of its parameters. */
    public static String withLiterals(String condition, Map<Integer, String> parameters) {
        return PARAMETER.matcher(condition).replaceAll(found -> {
            String number = found.group(1);
            String value = number == null ? null : parameters.get(Integer.valueOf(number));
            return java.util.regex.Matcher.quoteReplacement(
                    value == null ? found.group() : "'" + value.replace("'", "''") + "'");
        });
    }
}
