package electric.sync.pg;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to one database. How the first one succeeded, encrypted or not and over which IP version, is how all
 * later ones are opened, until {@link #forget}.
 *
 * <p>Nothing it opens keeps state in the session or uses named prepared statements, so that ordinary connections work
 * through a pooler that hands out server connections per transaction.
 */
public final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final int CONNECT_TIMEOUT_SECONDS = 30;

    private final DatabaseUrl url;
    private final Optional<Path> caFile;
    private final boolean ipv6First;
    private final TcpOptions tcp;
    private volatile @Nullable Way known;

    /** A way to reach the database. */
    private record Way(boolean ipv6, boolean tls) {}

    /** @param caFile trust roots; with them every connection is encrypted and the server verified, host name included */
    public Connector(DatabaseUrl url, Optional<Path> caFile, boolean ipv6First, TcpOptions tcp) {
        this.url = url;
        this.caFile = caFile;
        this.ipv6First = ipv6First;
        this.tcp = tcp;
    }

    public DatabaseUrl url() {
        return url;
    }

    /** An ordinary connection, in autocommit mode. */
    public Connection open() throws SQLException {
        return open(ordinary());
    }

    /**
     * A connection for the replication protocol.
     *
     * @param peekMillis how long a look for pending messages waits when there are none
     */
    public Connection openReplication(int peekMillis) throws SQLException {
        Properties properties = ordinary();
        PGProperty.REPLICATION.set(properties, "database");
        DatabaseSockets.peekFor(properties, peekMillis);
        return open(properties);
    }

    /** The next connection finds out anew how the database can be reached. */
    public void forget() {
        known = null;
    }

    private Connection open(Properties properties) throws SQLException {
        Way way = known;
        try {
            Connection connection = way == null ? openFirst(properties) : connect(properties, way);
            // The limit was for connecting and logging in; from here on waiting is legitimate.
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        } catch (ConnectFailure e) {
            throw e;
        } catch (SQLException e) {
            throw new ConnectFailure(explain(e), e);
        }
    }

    private Connection openFirst(Properties properties) throws SQLException {
        boolean tls = url.sslMode() != SslMode.DISABLE || caFile.isPresent();
        if (!ipv6First) {
            return openFirst(properties, new Way(false, tls));
        }
        try {
            return openFirst(properties, new Way(true, tls));
        } catch (SQLException e) {
            if (!ipv6Unusable(e)) {
                throw e;
            }
            log.warn("Database connection failed to find valid IPv6 address for {} - falling back to IPv4", url.host());
            return openFirst(properties, new Way(false, tls));
        }
    }

    private Connection openFirst(Properties properties, Way way) throws SQLException {
        try {
            return remember(way, connect(properties, way));
        } catch (SQLException e) {
            boolean mayFallBack = way.tls && caFile.isEmpty() && url.sslMode() != SslMode.REQUIRE;
            if (!mayFallBack || !tlsUnusable(e)) {
                throw e;
            }
            log.warn("Failed to connect to the database using SSL. Trying again, using an unencrypted connection.");
            Way plain = new Way(way.ipv6, false);
            return remember(plain, connect(properties, plain));
        }
    }

    private Connection remember(Way way, Connection connection) {
        known = way;
        return connection;
    }

    private Connection connect(Properties base, Way way) throws SQLException {
        Properties properties = new Properties();
        base.forEach(properties::put);
        DatabaseSockets.configure(properties, tcp, way.ipv6);
        if (!way.tls) {
            PGProperty.SSL_MODE.set(properties, "disable");
        } else if (caFile.isPresent()) {
            PGProperty.SSL_MODE.set(properties, "verify-full");
            PGProperty.SSL_ROOT_CERT.set(properties, caFile.get().toString());
        } else {
            PGProperty.SSL_MODE.set(properties, "require");
        }
        Connection connection = new Driver().connect(jdbcUrl(), properties);
        if (connection == null) {
            throw new IllegalStateException("pgjdbc does not accept its own URL");
        }
        return connection;
    }

    private String jdbcUrl() {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        String database =
                URLEncoder.encode(url.database(), StandardCharsets.UTF_8).replace("+", "%20");
        return "jdbc:postgresql://" + host + ":" + url.port() + "/" + database;
    }

    private Properties ordinary() {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, url.user());
        url.password().ifPresent(password -> PGProperty.PASSWORD.set(properties, password.reveal()));
        PGProperty.APPLICATION_NAME.set(properties, "electric");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.PREPARE_THRESHOLD.set(properties, 0);
        // Spares a round trip of SET statements, which a pooler would leave behind in a session of someone else.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        // The detail of an error may hold row contents, and messages reach the log.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        return properties;
    }

    private DatabaseError explain(SQLException e) {
        if (tlsRefused(e)) {
            return DatabaseError.tlsNotOffered();
        }
        if (caFile.isPresent() && verificationFailed(e)) {
            return DatabaseError.certificateNotTrusted(
                    holdsCertificates(caFile.get()) ? innermostText(e) : "Invalid CA certificate file");
        }
        return DatabaseError.connecting(e, url);
    }

    /** No name, no route: not that this server said no. */
    private static boolean ipv6Unusable(SQLException e) {
        if (DatabaseError.find(e, UnknownHostException.class) != null
                || DatabaseError.find(e, NoRouteToHostException.class) != null) {
            return true;
        }
        ConnectException refused = DatabaseError.find(e, ConnectException.class);
        SocketException other = DatabaseError.find(e, SocketException.class);
        Throwable cause = refused == null ? other : refused;
        String text = cause == null ? "" : DatabaseError.text(cause).toLowerCase(Locale.ROOT);
        return text.contains("unreachable") || text.contains("cannot assign requested address");
    }

    /** The server has no TLS, or hung up during the TLS hello. */
    private static boolean tlsUnusable(SQLException e) {
        return tlsRefused(e) || (!fromServer(e) && DatabaseError.find(e, IOException.class) != null && !unreached(e));
    }

    /** The trouble came before anything was said about TLS. */
    private static boolean unreached(SQLException e) {
        return DatabaseError.find(e, ConnectException.class) != null
                || DatabaseError.find(e, NoRouteToHostException.class) != null
                || DatabaseError.find(e, UnknownHostException.class) != null
                || DatabaseError.find(e, SocketTimeoutException.class) != null;
    }

    private static boolean fromServer(SQLException e) {
        return e instanceof PSQLException p && p.getServerErrorMessage() != null;
    }

    private static boolean tlsRefused(SQLException e) {
        return !fromServer(e) && "08004".equals(e.getSQLState());
    }

    /** A handshake that was refused, or a certificate file that could not be read; not a connection that broke. */
    private static boolean verificationFailed(SQLException e) {
        return !fromServer(e)
                && !unreached(e)
                && DatabaseError.find(e, SocketException.class) == null
                && DatabaseError.find(e, EOFException.class) == null;
    }

    private static boolean holdsCertificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }

    private static String innermostText(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at.getCause() != null && depth < 20; depth++) {
            at = at.getCause();
        }
        return DatabaseError.text(at);
    }
}
