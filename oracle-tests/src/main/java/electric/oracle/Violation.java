package electric.oracle;

/** The server broke the protocol, or told something that cannot be true. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    static void unless(boolean holds, String rule) {
        if (!holds) {
            throw new Violation(rule);
        }
    }
}
