package electric.oracle.run;

import electric.sync.TestPostgres;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** The database that is written to and asked: the one the server follows. */
final class Database {
    private final String url;
    private final Properties properties = new Properties();
    private final Optional<TestPostgres> own;

    private Database(String url, Optional<TestPostgres> own) {
        this.url = url;
        this.own = own;
        // What the driver reads as text is what Postgres printed.
        properties.setProperty("binaryTransfer", "false");
        properties.setProperty("ApplicationName", "oracle");
    }

    /** @param text as in {@code DATABASE_URL} */
    static Database of(String text) {
        return of(text, Optional.empty());
    }

    /** @param own the Postgres that may be stopped and started again */
    static Database of(String text, Optional<TestPostgres> own) {
        URI uri = URI.create(text);
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Database database =
                new Database("jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query, own);
        String[] user = String.valueOf(uri.getRawUserInfo()).split(":", 2);
        database.properties.setProperty("user", decoded(user[0]));
        if (user.length == 2) {
            database.properties.setProperty("password", decoded(user[1]));
        }
        return database;
    }

    Optional<TestPostgres> own() {
        return own;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
