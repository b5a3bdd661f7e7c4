package electric.sync.value;

/**
 * What Postgres makes of this is not certain here, or depends on more than the value: the room refuses rather than guess.
 */
public final class NotExact extends RuntimeException {
    public NotExact(String what) {
        super(what, null, false, false);
    }
}
