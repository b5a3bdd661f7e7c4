package electric.sync.value;

/**
 * Postgres refuses this literal or this calculation: its SQLSTATE and its words. The words may quote the literal, so they
 * are for whoever sent it, and what a log would print ({@link #getMessage}) is the SQLSTATE alone.
 */
public final class InvalidValue extends RuntimeException {
    private final String sqlState;
    private final transient String text;

    private InvalidValue(String sqlState, String text) {
        // A value can be refused once per row: no stack trace.
        super("SQLSTATE " + sqlState, null, false, false);
        this.sqlState = sqlState;
        this.text = text;
    }

    public String sqlState() {
        return sqlState;
    }

    /** What Postgres says. */
    public String text() {
        return text;
    }

    static InvalidValue syntax(String type, String literal) {
        return new InvalidValue("22P02", "invalid input syntax for type " + type + ": \"" + literal + "\"");
    }

    /** Of the date and time types. */
    static InvalidValue dateTimeSyntax(String type, String literal) {
        return new InvalidValue("22007", "invalid input syntax for type " + type + ": \"" + literal + "\"");
    }

    /** Of a field, as the month or the hour. */
    static InvalidValue fieldOutOfRange(String literal) {
        return new InvalidValue("22008", "date/time field value out of range: \"" + literal + "\"");
    }

    /** Of a whole date or time. */
    static InvalidValue dateTimeOutOfRange(String what) {
        return new InvalidValue("22008", what + " out of range");
    }

    static InvalidValue dateTimeOutOfRange(String what, String literal) {
        return new InvalidValue("22008", what + " out of range: \"" + literal + "\"");
    }

    static InvalidValue literalOutOfRange(String type, String literal) {
        return new InvalidValue("22003", "value \"" + literal + "\" is out of range for type " + type);
    }

    /** Of a number: {@code integer out of range}. */
    static InvalidValue outOfRange(String what) {
        return new InvalidValue("22003", what + " out of range");
    }

    static InvalidValue overflow() {
        return new InvalidValue("22003", "value out of range: overflow");
    }

    static InvalidValue underflow() {
        return new InvalidValue("22003", "value out of range: underflow");
    }

    static InvalidValue divisionByZero() {
        return new InvalidValue("22012", "division by zero");
    }

    static InvalidValue of(String sqlState, String text) {
        return new InvalidValue(sqlState, text);
    }
}
