package electric.sync.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The body of a request while it arrives: thrown away, unless someone wants it. */
final class RequestBody {
    static final int MAX_BYTES = 8_000_000;

    /** Why a body could not be read. */
    enum Trouble {
        TOO_LARGE,
        /** Of all bodies that are just arriving; this one may come again. */
        NO_ROOM,
        BROKEN_OFF
    }

    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private final Trouble trouble;

        Unreadable(Trouble trouble) {
            super("request body: " + trouble, null, false, false);
            this.trouble = trouble;
        }

        Trouble trouble() {
            return trouble;
        }
    }

    private final BodyMemory memory;
    private final long announced;
    private @Nullable CompletableFuture<byte[]> wanted;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private long received;
    private boolean ended;

    /** @param announced the length that the request says it has; negative when it says none */
    RequestBody(BodyMemory memory, long announced) {
        this.memory = memory;
        this.announced = announced;
    }

    CompletableFuture<byte[]> want() {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        wanted = whole;
        if (tooLarge()) {
            whole.completeExceptionally(new Unreadable(Trouble.TOO_LARGE));
        } else if (ended) {
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

    /** Whether it is larger than anyone would read, wanted or not. */
    boolean tooLarge() {
        return announced > MAX_BYTES || received > MAX_BYTES;
    }

    void add(ByteBuf piece, boolean last) {
        received += piece.readableBytes();
        ended = last;
        if (wanted == null || wanted.isDone()) {
            return;
        }
        if (tooLarge()) {
            fail(wanted, Trouble.TOO_LARGE);
        } else if (!memory.take(piece.readableBytes())) {
            fail(wanted, Trouble.NO_ROOM);
        } else {
            byte[] copy = new byte[piece.readableBytes()];
            piece.getBytes(piece.readerIndex(), copy);
            bytes.writeBytes(copy);
            if (last) {
                byte[] whole = bytes.toByteArray();
                forget();
                wanted.complete(whole);
            }
        }
    }

    private void fail(CompletableFuture<byte[]> waiting, Trouble trouble) {
        forget();
        waiting.completeExceptionally(new Unreadable(trouble));
    }

    private void forget() {
        memory.giveBack(bytes.size());
        bytes.reset();
    }

    /** No more will come. */
    void breakOff() {
        if (wanted != null && !wanted.isDone()) {
            fail(wanted, Trouble.BROKEN_OFF);
        }
    }
}
