package electric.oracle;

/** The server broke the protocol, or told something that cannot be true. */
public sealed class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    /** An answer that asks to try again: right only while something is broken. */
    public static final class Unavailable extends Violation {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    static void unless(boolean holds, String rule) {
        if (!holds) {
            throw new Violation(rule);
        }
    }
}
