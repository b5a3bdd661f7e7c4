package electric.oracle;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Postgres itself says about rows: the text of its own output functions, under the settings the protocol names. */
final class PostgresRows {
    private PostgresRows() {}

    static List<Map<String, @Nullable String>> select(RunningServer server, String query) {
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        // Binary values would be printed by the driver and not by Postgres.
        String url = server.postgres().jdbcUrl(server.database()) + "&binaryTransfer=false";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET bytea_output = hex; SET DateStyle = 'ISO, DMY'; SET TimeZone = 'UTC'; SET extra_float_digits = 1;"
                            + " SET IntervalStyle = iso_8601");
            try (ResultSet result = statement.executeQuery(query)) {
                while (result.next()) {
                    rows.add(row(result));
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("The test's own SQL failed: " + failed.getMessage(), failed);
        }
        return rows;
    }

    private static Map<String, @Nullable String> row(ResultSet result) throws SQLException {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
            row.put(result.getMetaData().getColumnLabel(column), result.getString(column));
        }
        return row;
    }
}
