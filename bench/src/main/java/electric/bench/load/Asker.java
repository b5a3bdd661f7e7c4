package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A client that sends one request after the other, as long as there are some, and wants nothing but that they are answered. */
final class Asker implements HttpConnection.Reader {
    /** How often it may hear that a shape is over that it has asked for. */
    private static final int MOST_REFUSALS = 100;

    private final Crowd crowd;
    private final URI server;
    private final AtomicInteger next;
    private final int end;
    private final IntFunction<String> targets;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int number;
    private int refused;
    private boolean again;

    /**
     * @param next the number of the next request, shared by all who ask
     * @param end behind the last number
     * @param targets what to ask for by number
     */
    Asker(Crowd crowd, URI server, AtomicInteger next, int end, IntFunction<String> targets) {
        this.crowd = crowd;
        this.server = server;
        this.next = next;
        this.end = end;
        this.targets = targets;
        this.number = next.getAndIncrement();
    }

    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public boolean inWaves() {
        return true;
    }

    @Override
    public void connected(HttpConnection connection) {
        ask(connection);
    }

    private void ask(HttpConnection connection) {
        if (number >= end) {
            done.complete(null);
            connection.close();
            return;
        }
        connection.send("GET " + targets.apply(number) + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n");
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        again = head.status() == 409 && refused < MOST_REFUSALS;
        if (again) {
            refused++;
        } else if (!head.isOk()) {
            done.completeExceptionally(new IOException(targets.apply(number) + " was answered with " + head.status()));
        }
    }

    @Override
    public void body(HttpConnection connection, ByteBuf part) {}

    @Override
    public void end(HttpConnection connection) {
        if (!again) {
            number = next.getAndIncrement();
        }
        if (!connection.closes()) {
            ask(connection);
        }
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        if (!done.isDone() && connection.endedInOrder()) {
            var unused = crowd.connect(server, this);
        } else {
            done.completeExceptionally(cause);
        }
    }
}
