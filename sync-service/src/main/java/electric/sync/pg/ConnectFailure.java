package electric.sync.pg;

import java.sql.SQLException;

/** A connection could not be opened; the message and {@link #error} say why in words for people. */
public final class ConnectFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient DatabaseError error;

    ConnectFailure(DatabaseError error, SQLException cause) {
        super(error.message(), cause.getSQLState(), cause);
        this.error = error;
    }

    public DatabaseError error() {
        return error;
    }
}
