package electric.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The server-sent events of a shape, taken one by one on a thread of its own until somebody has had enough, which may be in
 * the middle of a transaction.
 */
public final class EventFeed implements AutoCloseable {
    private final InputStream body;
    private final Consumer<LogItem> taker;
    private final Thread reader;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile boolean brokeOff;
    private volatile @Nullable Violation wrong;

    EventFeed(InputStream body, Consumer<LogItem> taker) {
        this.body = body;
        this.taker = taker;
        this.reader = Thread.startVirtualThread(this::read);
    }

    /** Whether more may come. */
    public boolean isOpen() {
        return !ended;
    }

    /** Whether it ended, and not as an answer should. */
    public boolean brokeOff() {
        return brokeOff;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    taker.accept(LogItem.parse(ShapeResponse.JSON.readTree(line.substring("data: ".length()))));
                } else {
                    Violation.unless(line.isEmpty() || line.equals(": keep-alive"), "not a line of events: " + line);
                }
            }
        } catch (JacksonException malformed) {
            wrong = new Violation("an event that is not JSON: " + malformed.getOriginalMessage());
        } catch (Violation violation) {
            wrong = violation;
        } catch (IOException broken) {
            brokeOff = !closing;
        } finally {
            ended = true;
        }
    }

    /** Takes no more. Throws what was wrong with what came. */
    @Override
    public void close() throws IOException {
        closing = true;
        body.close();
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while events were read to their end", interrupted);
        }
        Violation found = wrong;
        if (found != null) {
            throw found;
        }
    }
}
