package electric.sync.ops;

/** The environment holds something we cannot run with. The message is for the person who set it. */
public final class InvalidSettings extends RuntimeException {
    InvalidSettings(String message) {
        super(message);
    }
}
