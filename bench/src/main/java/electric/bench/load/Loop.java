package electric.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * What the connections of one event loop share, so that a delivery allocates nothing: the place where heads and bodies are
 * looked at, the bytes of a request, and the <em>wave</em>: what has been read from all sockets that were ready at once, with the
 * time. It is looked at when all of them have been read, so that no client's time is that of the clients before it.
 */
final class Loop implements Runnable {
    private static final int REQUEST_BYTES = 1024;
    private static final int SCRATCH_BYTES = 1 << 16;

    private static final FastThreadLocal<Loop> OF_THIS_THREAD = new FastThreadLocal<>() {
        @Override
        protected Loop initialValue() {
            return new Loop();
        }
    };

    private final Head head = new Head();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private ByteBuf request = Unpooled.directBuffer(REQUEST_BYTES);
    private HttpConnection[] connections = new HttpConnection[1024];
    private ByteBuf[] parts = new ByteBuf[1024];
    private long[] times = new long[1024];
    private int gathered;

    private Loop() {}

    static Loop ofThisThread() {
        return OF_THIS_THREAD.get();
    }

    Head head() {
        return head;
    }

    byte[] scratch() {
        return scratch;
    }

    /** An empty buffer to write one request into, which must be sent before another is asked for. */
    ByteBuf request() {
        if (request.refCnt() > 1) {
            // A socket has not taken it whole, and still holds it.
            request.release();
            request = Unpooled.directBuffer(REQUEST_BYTES);
        }
        return request.clear();
    }

    /** Event loops run what they are given once all sockets that were ready have been read. */
    void gather(EventLoop loop, HttpConnection connection, ByteBuf part) {
        if (gathered == 0) {
            loop.execute(this);
        }
        if (gathered == parts.length) {
            int twice = 2 * gathered;
            connections = Arrays.copyOf(connections, twice);
            parts = Arrays.copyOf(parts, twice);
            times = Arrays.copyOf(times, twice);
        }
        connections[gathered] = connection;
        parts[gathered] = part;
        times[gathered] = System.nanoTime();
        gathered++;
    }

    @Override
    public void run() {
        int size = gathered;
        gathered = 0;
        for (int i = 0; i < size; i++) {
            connections[i].received(parts[i], times[i]);
            parts[i] = Unpooled.EMPTY_BUFFER;
        }
    }
}
