package electric.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A client that sends one request after the other, as long as there are some, and wants nothing but that they are answered. */
final class Asker implements HttpConnection.Reader {
    private final URI server;
    private final AtomicInteger next;
    private final int end;
    private final IntFunction<String> targets;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /**
     * @param next the number of the next request, shared by all who ask
     * @param end behind the last number
     * @param targets what to ask for by number
     */
    Asker(URI server, AtomicInteger next, int end, IntFunction<String> targets) {
        this.server = server;
        this.next = next;
        this.end = end;
        this.targets = targets;
    }

    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void connected(HttpConnection connection) {
        ask(connection);
    }

    private void ask(HttpConnection connection) {
        int number = next.getAndIncrement();
        if (number >= end) {
            done.complete(null);
            connection.close();
            return;
        }
        String request = "GET " + targets.apply(number) + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n";
        connection.send(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (!head.isOk()) {
            done.completeExceptionally(new IOException("a request was answered with " + head.status()));
        }
    }

    @Override
    public void body(ByteBuf part) {}

    @Override
    public void end(HttpConnection connection) {
        ask(connection);
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        done.completeExceptionally(cause);
    }
}
