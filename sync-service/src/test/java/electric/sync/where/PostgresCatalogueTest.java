package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the resolver believes of Postgres's types, operators, functions and casts is what Postgres says of itself. {@code
 * -Dcatalogue.write=true} writes it anew; that is done with version 17, whose grammar is ours.
 */
final class PostgresCatalogueTest {
    private static final Path FILE = Path.of("src", "main", "resources", "electric", "sync", "where", "catalogue.tsv");
    private static final int WRITTEN_BY = 17;

    private static final String TYPE_NAME =
            "CASE WHEN %1$s.typcategory = 'A' AND %1$s.typelem <> 0 AND %1$s.typname LIKE '\\_%%'"
                    + " THEN substr(%1$s.typname, 2) || '[]' ELSE %1$s.typname END";

    private static String nameOf(String oid) {
        return "(SELECT " + TYPE_NAME.formatted("n") + " FROM pg_type n WHERE n.oid = " + oid + ")";
    }

    private static final String TYPES = "SELECT 'type', " + TYPE_NAME.formatted("t")
            + ", typcategory, typispreferred::int FROM pg_type t"
            + " WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'p', 'r', 'm')"
            + " AND typname !~ '^_?(pg_|reg|cstring|internal|trigger|event_|language_|fdw_|index_am|table_am|tsm_|aclitem|gtsvector|refcursor|xid|cid$|tid)'"
            + " AND typname !~ '^_?pg_' ORDER BY 2";

    private static final String OPERATORS = "SELECT 'operator', oprname, coalesce(" + nameOf("oprleft") + ", '-'), "
            + nameOf("oprright") + ", " + nameOf("oprresult") + ", p.proname, p.provolatile, p.proisstrict::int"
            + " FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode"
            + " WHERE oprnamespace = 'pg_catalog'::regnamespace ORDER BY 2, 3, 4";

    private static final String FUNCTIONS = "SELECT 'function', proname, coalesce((SELECT string_agg(" + nameOf("a")
            + ", ',' ORDER BY i) FROM unnest(proargtypes) WITH ORDINALITY AS x(a, i)), ''), " + nameOf("prorettype")
            + ", provolatile, proisstrict::int, (provariadic <> 0)::int, pronargdefaults"
            + " FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset"
            + " AND proname !~ '^(pg_|bt(?!rim)|gin|gist|brin|hash|spg|has_|ri_|binary_upgrade|lo_|inet_|txid_|row_security|schema_to|table_to|query_to|cursor_to|database_to)'"
            + " AND " + nameOf("prorettype") + " NOT IN ('cstring', 'internal', 'trigger', 'event_trigger', 'void',"
            + " 'fdw_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'language_handler')"
            + " AND NOT EXISTS (SELECT FROM unnest(proargtypes) x(a) WHERE " + nameOf("a")
            + " IN ('internal', 'cstring')) ORDER BY 2, 3";

    private static final String CASTS = "SELECT 'cast', " + nameOf("castsource") + ", " + nameOf("casttarget")
            + ", castcontext, castmethod, coalesce(p.proname, '-'), coalesce(p.provolatile, 'i')"
            + " FROM pg_cast c LEFT JOIN pg_proc p ON p.oid = c.castfunc ORDER BY 2, 3";

    @Test
    void isThatOfPostgres() throws SQLException, IOException {
        List<String> real = new ArrayList<>();
        int version;
        try (Connection connection = DriverManager.getConnection(
                        TestPostgres.shared().jdbcUrl(TestPostgres.shared().freshDatabase()));
                Statement statement = connection.createStatement()) {
            version = connection.getMetaData().getDatabaseMajorVersion();
            for (String query : List.of(TYPES, OPERATORS, FUNCTIONS, CASTS)) {
                read(statement, query, real);
            }
        }
        if (Boolean.getBoolean("catalogue.write")) {
            Files.createDirectories(Objects.requireNonNull(FILE.getParent()));
            Files.write(FILE, real);
        }
        List<String> ours = new ArrayList<>();
        try (InputStream in = PostgresCatalogueTest.class.getResourceAsStream("/electric/sync/where/catalogue.tsv")) {
            new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(ours::add);
        }
        if (version == WRITTEN_BY) {
            assertThat(ours).isEqualTo(real);
        } else {
            Set<String> missing = new HashSet<>(ours);
            real.forEach(missing::remove);
            System.out.println("Postgres " + version + " differs in " + missing.size() + " of " + ours.size());
        }
    }

    private static void read(Statement statement, String query, List<String> lines) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> fields = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    fields.add(row.getString(i));
                }
                lines.add(String.join("\t", fields));
            }
        }
    }
}
