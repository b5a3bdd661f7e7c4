package electric.sync.pg;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.value.CaseMapping;
import electric.sync.value.NotExact;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * How letters change case under the collations of the database. The database is asked once per collation: what its C
 * library knows of letters is known nowhere else.
 *
 * <p>Threads: any; blocks while the database is asked.
 */
public final class CaseMappings {
    private static final int LIMIT_SECONDS = 10;

    /** More collations than filters use; then all are asked for anew. */
    private static final int MAX_REMEMBERED = 32;

    private final Connections connections;
    private final Map<Collation, CaseMapping> remembered = new HashMap<>();

    public CaseMappings(Connections connections) {
        this.connections = connections;
    }

    /**
     * Fails with {@link NotExact} where letters do not change one by one, and with {@link DatabaseUnavailable}.
     */
    public synchronized CaseMapping of(Collation collation) {
        if (collation.asciiCase()) {
            return CaseMapping.ASCII;
        }
        if (collation.provider() == Collation.Provider.ICU
                || collation.letters().equals("PG_UNICODE_FAST")) {
            throw new NotExact("how letters change case under the collation \"" + collation.name() + "\"");
        }
        if (collation.letters().contains(" in ")) {
            throw new NotExact("how letters change case in a database that is not in UTF-8");
        }
        CaseMapping known = remembered.get(collation);
        if (known == null) {
            known = ask(collation);
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(collation, known);
        }
        return known;
    }

    private CaseMapping ask(Collation collation) {
        String letters =
                "chr(i) COLLATE " + RelationName.quote(collation.schema()) + "." + RelationName.quote(collation.name());
        // Beyond the second plane no letter has a case.
        String query = "SELECT i, l, u FROM (SELECT i, lower(" + letters + ") AS l, upper(" + letters + ") AS u"
                + " FROM generate_series(1, 196607) AS i WHERE i NOT BETWEEN 55296 AND 57343) AS letters"
                + " WHERE i < 128 OR l COLLATE \"C\" <> chr(i) OR u COLLATE \"C\" <> chr(i)";
        Map<Integer, Integer> toLower = new HashMap<>();
        Map<Integer, Integer> toUpper = new HashMap<>();
        try (Connection connection = connections.connection();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 2 * LIMIT_SECONDS * 1000);
            statement.setQueryTimeout(LIMIT_SECONDS);
            try (ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    int letter = row.getInt(1);
                    toLower.put(letter, only(row.getString(2)));
                    toUpper.put(letter, only(row.getString(3)));
                }
            }
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
        return new CaseMapping(toLower, toUpper);
    }

    private static int only(String text) {
        if (text.codePointCount(0, text.length()) != 1) {
            throw new NotExact("a letter that changes its case to several");
        }
        return text.codePointAt(0);
    }
}
