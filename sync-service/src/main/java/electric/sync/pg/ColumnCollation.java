package electric.sync.pg;

import electric.sync.change.Collation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the catalog says a column's collation, and the database's own. Read as JSON where the names of the catalog's own columns differ between
 * majors.
 */
final class ColumnCollation {
    static final String SELECTED = """
            co.oid::int8, con.nspname, co.collname,
            CASE WHEN co.collprovider = 'd' THEN coalesce(to_jsonb(db) ->> 'datlocprovider', 'c') ELSE co.collprovider::text END,
            CASE WHEN co.collprovider = 'd' THEN db.datcollate ELSE co.collcollate END,
            CASE WHEN co.collprovider = 'd' THEN db.datctype ELSE co.collctype END,
            CASE WHEN co.collprovider = 'd' THEN coalesce(to_jsonb(db) ->> 'datlocale', to_jsonb(db) ->> 'daticulocale')
                ELSE coalesce(to_jsonb(co) ->> 'colllocale', to_jsonb(co) ->> 'colliculocale', co.collcollate) END,
            co.collisdeterministic, current_setting('server_encoding')
            """;

    static final String JOINED = """
            LEFT JOIN pg_collation co ON co.oid = a.attcollation
            LEFT JOIN pg_namespace con ON con.oid = co.collnamespace
            LEFT JOIN pg_database db ON co.collprovider = 'd' AND db.datname = current_database()
            """;

    private static final String BY_DEFAULT = "SELECT " + SELECTED
            + "FROM (SELECT oid AS attcollation FROM pg_collation WHERE collprovider = 'd') a " + JOINED;

    private ColumnCollation() {}

    /** The database's own. */
    static Collation byDefault(Connection connection, int limitSeconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(limitSeconds);
            try (ResultSet row = statement.executeQuery(BY_DEFAULT)) {
                row.next();
                return Objects.requireNonNull(read(row, 1), "the database's collation");
            }
        }
    }

    /** @param from the place of the first of {@link #SELECTED} */
    static @Nullable Collation read(ResultSet row, int from) throws SQLException {
        int oid = (int) row.getLong(from);
        if (row.wasNull()) {
            return null;
        }
        Collation.Provider provider = switch (row.getString(from + 3)) {
            case "c" -> Collation.Provider.LIBC;
            case "b" -> Collation.Provider.BUILTIN;
            default -> Collation.Provider.ICU;
        };
        boolean libc = provider == Collation.Provider.LIBC;
        String encoding = row.getString(from + 8);
        // What is known of a locale is known of its UTF-8 form.
        String suffix = encoding.equals("UTF8") ? "" : " in " + encoding;
        return new Collation(
                oid,
                row.getString(from + 1),
                row.getString(from + 2),
                provider,
                row.getString(libc ? from + 4 : from + 6) + suffix,
                row.getString(libc ? from + 5 : from + 6) + suffix,
                row.getBoolean(from + 7));
    }
}
