package electric.sync.ingest;

/**
 * What the stream holds can never be taken, however often it is sent: slot and publication are replaced, and everything
 * kept here goes. The message is for people.
 */
public final class UnrecoverableStream extends RuntimeException {
    public UnrecoverableStream(String message) {
        super(message);
    }
}
