package electric.sync.pg;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;

/** Why a table cannot be followed or read now, in words fit for clients. */
public final class TableProblem extends Exception {
    private static final long serialVersionUID = 1L;

    /** Postgres of another major lacks what the condition is made of, or reads it otherwise. */
    private static final Set<String> CANNOT_BE_SAID =
            Set.of("0A000", "42601", "42725", "42804", "42846", "42883", "42P18", "42P21", "42P22");

    private final Kind kind;
    private final String message;

    public enum Kind {
        /** A recognised trouble; trying again later makes sense. */
        KNOWN,
        /** The connection to the database failed, which says nothing about the table. */
        CONNECTION,
        /** The table or a column is not what it was, or gone: what is known about it must be read anew. */
        SCHEMA_CHANGED,
        /** A condition cannot be calculated for some row, or not at all. What Postgres says may quote the row. */
        CONDITION,
        /** Anything else. */
        UNEXPECTED
    }

    TableProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.message = message;
    }

    private TableProblem(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = message;
    }

    public Kind kind() {
        return kind;
    }

    public String message() {
        return message;
    }

    /** What a failure means of a query that had a condition. */
    static TableProblem ofCondition(SQLException failure) {
        if (DatabaseError.hasState(failure, "42704")) {
            return new TableProblem(Kind.SCHEMA_CHANGED, DatabaseError.text(failure), failure);
        }
        String state = String.valueOf(failure.getSQLState());
        // 23: a constant that is no value of the domain it is compared with.
        if (state.startsWith("22") || state.startsWith("23") || state.startsWith("54")) {
            return new TableProblem(Kind.CONDITION, DatabaseError.text(failure), failure);
        }
        if (CANNOT_BE_SAID.contains(state)) {
            return new TableProblem(
                    Kind.CONDITION,
                    "this version of Postgres cannot apply the filter: " + DatabaseError.text(failure),
                    failure);
        }
        return of(failure);
    }

    /** What a failure means for the table it was about. */
    static TableProblem of(SQLException failure) {
        ConnectFailure notConnected = DatabaseError.find(failure, ConnectFailure.class);
        if (notConnected != null) {
            boolean saidByServer =
                    notConnected.error().known() && notConnected.error().code().isPresent();
            return new TableProblem(
                    Kind.CONNECTION,
                    saidByServer ? notConnected.error().message() : "Database connection not available",
                    failure);
        }
        if (failure instanceof SQLTransientConnectionException) {
            return new TableProblem(
                    Kind.CONNECTION, "Snapshot creation failed because of a connection pool queue timeout", failure);
        }
        if (DatabaseError.hasState(failure, "42P01", "42703", "42883", "3F000")) {
            return new TableProblem(Kind.SCHEMA_CHANGED, DatabaseError.text(failure), failure);
        }
        if (DatabaseError.hasState(failure, "55P03")) {
            return tableLocked();
        }
        if (DatabaseError.hasState(failure, "42501")) {
            return new TableProblem(
                    Kind.KNOWN, "Unable to create initial snapshot: " + DatabaseError.text(failure), failure);
        }
        if (DatabaseError.hasState(failure, "42704")) {
            return new TableProblem(Kind.KNOWN, DatabaseError.text(failure), failure);
        }
        DatabaseError error = DatabaseError.of(failure);
        if (error.known()) {
            boolean fromServer = error.code().isPresent() && !error.code().get().startsWith("57P");
            return new TableProblem(fromServer ? Kind.KNOWN : Kind.CONNECTION, error.message(), failure);
        }
        return new TableProblem(
                Kind.UNEXPECTED, "Unexpected error while creating snapshot: " + error.message(), failure);
    }

    static TableProblem noFirstData(Duration limit) {
        return new TableProblem(
                Kind.KNOWN,
                "Snapshot query took too long to return data (cancelled after " + limit.toMillis()
                        + "ms). Please ensure snapshot queries are using an index to avoid taking up all database"
                        + " connections.");
    }

    static TableProblem tableLocked() {
        return new TableProblem(Kind.KNOWN, "Snapshot timed out while waiting for a table lock");
    }
}
