package electric.sync.pg;

/** The database could not be asked. What is known stays known; asking again later makes sense. */
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient DatabaseError error;

    DatabaseUnavailable(Throwable cause) {
        super(DatabaseError.of(cause).message(), cause);
        this.error = DatabaseError.of(cause);
    }

    public DatabaseError error() {
        return error;
    }
}
