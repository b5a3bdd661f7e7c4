package electric.sync.pg;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the database means for us, and how to say it to people.
 *
 * @param known whether it is one of the recognised troubles of a connection, whose message is fit for clients
 * @param code Postgres's SQLSTATE, where the error came from Postgres
 * @param routine the place in Postgres's source that raised it
 */
public record DatabaseError(
        Reaction reaction, boolean known, String message, Optional<String> code, Optional<String> routine) {
    public enum Reaction {
        /** It may pass: try again, slower each time. */
        RETRY,
        /** Only an operator can mend it: say so and end. */
        FATAL,
        /** The replication slot is of no use any more: drop it with the publication, begin afresh. */
        REPLACE_SLOT
    }

    private static final String DEPLOYMENT_GUIDE =
            "See https://electric-sql.com/docs/guides/deployment#_1-running-postgres";

    private static final String SLOT_ADVICE =
            " In order to recover consistent replication, the slot will be dropped along with all existing shapes."
                    + " If you're seeing this message without having recently stopped Electric for a while, it's possible"
                    + " your Electric instance is lagging behind and you might need to scale it up.";

    private static final String PUBLICATION_MISSING =
            "The publication was expected to be present but was not found. Publications and replication slots created by"
                    + " Electric should not be manually modified or deleted, as it breaks replication integrity.";

    private static final Pattern INVALIDATION_REASON = Pattern.compile("invalidated due to \"([^\"]*)\"");

    static final String TLS_NOT_OFFERED = "Database server not configured to accept SSL connections";

    /** Classifies a failure of a connection that was open, or of our wait for one. */
    public static DatabaseError of(Throwable failure) {
        return of(failure, Optional.empty());
    }

    /** Classifies a failure to open a connection to this database. */
    static DatabaseError connecting(Throwable failure, DatabaseUrl url) {
        return of(failure, Optional.of(url));
    }

    static DatabaseError certificateNotTrusted(String reason) {
        return fatal("SSL connection failed to verify server certificate: " + reason);
    }

    static DatabaseError tlsNotOffered() {
        return fatal(TLS_NOT_OFFERED);
    }

    /** As the log shows it: the message, and where Postgres can be read about it. */
    public String described() {
        if (code.isEmpty()) {
            return message;
        }
        return message + " (PG code: " + code.get()
                + routine.map(r -> ", PG routine: " + r).orElse("") + ")";
    }

    private static DatabaseError of(Throwable failure, Optional<DatabaseUrl> connecting) {
        ConnectFailure classified = find(failure, ConnectFailure.class);
        if (classified != null) {
            return classified.error();
        }
        PublicationUnusable unusable = find(failure, PublicationUnusable.class);
        if (unusable != null) {
            return fatal(text(unusable));
        }
        PSQLException fromDriver = find(failure, PSQLException.class);
        ServerErrorMessage server = fromDriver == null ? null : fromDriver.getServerErrorMessage();
        if (server != null) {
            return fromServer(server);
        }
        DatabaseError ofSocket = ofSocket(failure, connecting);
        if (ofSocket != null) {
            return ofSocket;
        }
        if (failure instanceof SQLTransientConnectionException) {
            return retry("timed out trying to acquire connection from pool");
        }
        if (fromDriver != null && "08003".equals(fromDriver.getSQLState())) {
            return retry("connection closed while talking to the database");
        }
        return unknown(text(failure));
    }

    private static @Nullable DatabaseError ofSocket(Throwable failure, Optional<DatabaseUrl> connecting) {
        String target = connecting.map(DatabaseError::target).orElse("the database");
        if (find(failure, UnknownHostException.class) != null) {
            return fatal("domain does not exist: "
                    + connecting.map(DatabaseUrl::host).orElse("unknown"));
        }
        if (find(failure, SocketTimeoutException.class) != null || find(failure, TimeoutException.class) != null) {
            return retry(
                    connecting.isPresent()
                            ? "connection timed out while trying to connect to " + target
                            : "connection timed out");
        }
        ConnectException notConnected = find(failure, ConnectException.class);
        if (notConnected != null) {
            return text(notConnected).contains("timed out")
                    ? retry("connection timed out while trying to connect to " + target)
                    : text(notConnected).contains("refused")
                            ? retry("connection refused while trying to connect to " + target)
                            : retry(text(notConnected) + " while trying to connect to " + target);
        }
        if (find(failure, SSLException.class) != null && find(failure, EOFException.class) == null) {
            return retry("SSL connection failed: " + text(find(failure, SSLException.class)));
        }
        if (find(failure, IOException.class) != null) {
            return retry(
                    connecting.isPresent()
                            ? "connection closed while connecting to the database"
                            : "connection closed while talking to the database");
        }
        return null;
    }

    private static DatabaseError fromServer(ServerErrorMessage server) {
        String code = orEmpty(server.getSQLState());
        String said = orEmpty(server.getMessage());
        String message = said.isBlank() ? "the database reported an error without a message" : said;
        String detail = orEmpty(server.getDetail());
        DatabaseError error = byCode(code, message, detail);
        if (error == null) {
            error = byMessage(message);
        }
        if (error == null) {
            error = unknown(message);
        }
        return new DatabaseError(
                error.reaction,
                error.known,
                error.message,
                Optional.ofNullable(server.getSQLState()),
                Optional.ofNullable(server.getRoutine()));
    }

    private static @Nullable DatabaseError byCode(String code, String message, String detail) {
        return switch (code) {
            case "28000" -> authorization(message);
            case "28P01", "3D000", "42601" -> fatal(message);
            case "55000" -> objectNotInState(message, detail);
            case "42501" ->
                detail.startsWith("Only roles with the REPLICATION attribute")
                                || message.contains("replication role to start walsender")
                        ? fatal("User does not have the REPLICATION attribute. " + DEPLOYMENT_GUIDE)
                        : null;
            case "55006" ->
                message.startsWith("replication slot")
                        ? retry("Replication slot already in use by another database connection, possibly external to"
                                + " Electric.")
                        : null;
            case "42704" -> message.startsWith("publication") ? retry(PUBLICATION_MISSING) : null;
            case "57P01", "57P02", "57P03", "53300", "08006", "57014", "53100" -> retry(message);
            case "58P02" -> message.contains("slot") || message.contains("state file") ? retry(message) : null;
            case "08P01" ->
                message.startsWith("server conn crashed") ? retry("Server connection crashed") : byMessage(message);
            default -> null;
        };
    }

    private static @Nullable DatabaseError authorization(String message) {
        if (message.startsWith("no pg_hba.conf entry for host")) {
            return message.endsWith("no encryption") || message.endsWith("SSL off")
                    ? fatal("Connection refused: server requires SSL/TLS but the client connected without encryption")
                    : fatal("Connection rejected: " + message);
        }
        return message.startsWith("branch ") ? retry(message) : null;
    }

    private static @Nullable DatabaseError objectNotInState(String message, String detail) {
        if (message.matches("logical decoding requires \"?wal_level\"? >= \"?logical\"?.*")) {
            return fatal("Electric requires wal_level >= logical. " + DEPLOYMENT_GUIDE);
        }
        if (detail.contains("exceeded the maximum reserved size")) {
            return replaceSlot("Couldn't start replication: slot has been invalidated because it exceeded the maximum"
                    + " reserved size." + SLOT_ADVICE);
        }
        Matcher reason = INVALIDATION_REASON.matcher(detail);
        if (message.startsWith("can no longer access replication slot") || reason.find()) {
            String cause = reason.reset().find() ? "with reason \"" + reason.group(1) + "\"" : "by Postgres";
            return replaceSlot("Couldn't start replication: slot has been invalidated " + cause + "." + SLOT_ADVICE);
        }
        return null;
    }

    /** Poolers and hosted databases: the SQLSTATE, where there is one, says little. */
    private static @Nullable DatabaseError byMessage(String message) {
        if (message.startsWith("password authentication failed for user")
                || message.matches("database \".*\" does not exist")
                || message.startsWith("The requested endpoint could not be found, or you don't have access to it")
                || message.startsWith("Failed to identify your database: Your account has restrictions")
                || message.startsWith("Your account or project has exceeded the compute time quota")
                || message.startsWith("Your project has exceeded the data transfer quota")) {
            return fatal(message);
        }
        if (message.startsWith("remaining connection slots are reserved")
                || message.contains("server login has been failing")
                || message.contains("server_login_retry")
                || message.startsWith("Couldn't connect to compute node")) {
            return retry(message);
        }
        return null;
    }

    static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 20; at = at.getCause(), depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }

    /** What Postgres said, without the detail, which may hold row contents; otherwise what the exception says. */
    static String text(@Nullable Throwable failure) {
        if (failure instanceof PSQLException fromDriver && fromDriver.getServerErrorMessage() != null) {
            return orEmpty(fromDriver.getServerErrorMessage().getMessage());
        }
        String message = failure == null ? null : failure.getMessage();
        return message == null || message.isBlank() ? String.valueOf(failure) : message;
    }

    private static String target(DatabaseUrl url) {
        return (url.host().contains(":") ? "[" + url.host() + "]" : url.host()) + ":" + url.port();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static DatabaseError retry(String message) {
        return new DatabaseError(Reaction.RETRY, true, message, Optional.empty(), Optional.empty());
    }

    static DatabaseError fatal(String message) {
        return new DatabaseError(Reaction.FATAL, true, message, Optional.empty(), Optional.empty());
    }

    static DatabaseError replaceSlot(String message) {
        return new DatabaseError(Reaction.REPLACE_SLOT, true, message, Optional.empty(), Optional.empty());
    }

    private static DatabaseError unknown(String message) {
        return new DatabaseError(Reaction.RETRY, false, message, Optional.empty(), Optional.empty());
    }

    /** Whether this failure came from Postgres with one of these SQLSTATEs. */
    static boolean hasState(Throwable failure, String... states) {
        SQLException sql = find(failure, SQLException.class);
        if (sql == null || sql.getSQLState() == null) {
            return false;
        }
        for (String state : states) {
            if (state.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
