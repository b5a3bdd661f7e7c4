package electric.sync.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The body of a request while it arrives: thrown away, unless someone wants it. */
final class RequestBody {
    static final int MAX_BYTES = 8_000_000;

    /** Why a body could not be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean tooLarge;

        Unreadable(boolean tooLarge) {
            super(tooLarge ? "request body too large" : "request body broke off", null, false, false);
            this.tooLarge = tooLarge;
        }

        boolean tooLarge() {
            return tooLarge;
        }
    }

    private @Nullable CompletableFuture<byte[]> wanted;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private long received;
    private boolean ended;

    CompletableFuture<byte[]> want() {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        wanted = whole;
        if (ended) {
            whole.complete(bytes.toByteArray());
        }
        return whole;
    }

    boolean isWanted() {
        return wanted != null && !wanted.isDone();
    }

    /** Whether all of it has arrived. */
    boolean ended() {
        return ended;
    }

    /** Whether it has grown beyond what anyone would read, wanted or not. */
    boolean tooLarge() {
        return received > MAX_BYTES;
    }

    void add(ByteBuf piece, boolean last) {
        received += piece.readableBytes();
        ended = last;
        if (wanted == null || wanted.isDone()) {
            return;
        }
        if (tooLarge()) {
            wanted.completeExceptionally(new Unreadable(true));
            return;
        }
        byte[] copy = new byte[piece.readableBytes()];
        piece.getBytes(piece.readerIndex(), copy);
        bytes.writeBytes(copy);
        if (last) {
            wanted.complete(bytes.toByteArray());
        }
    }

    /** No more will come. */
    void breakOff() {
        if (wanted != null) {
            wanted.completeExceptionally(new Unreadable(false));
        }
    }
}
