package electric.sync.http;

import com.sun.management.UnixOperatingSystemMXBean;
import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections may be open. Who comes when there are as many is told to come again: a client that waits in a queue
 * of the system would not know why, and a balancer in front not that there are other servers.
 */
// What comes of closing and writing is told to the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionLimit {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** Files that are none of our connections: those to the database, libraries, the log. */
    private static final int OTHER_FILES = 512;

    /** Refused ones that may take their time to read why; others are closed without a word. */
    private static final int MOST_TOLD = 256;

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final ByteBuf REFUSAL = Unpooled.unreleasableBuffer(Unpooled.directBuffer()
            .writeBytes(String.join(
                            "\r\n",
                            "HTTP/1.1 503 Service Unavailable",
                            "connection: close",
                            "retry-after: 5",
                            "content-length: 0",
                            "",
                            "")
                    .getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());

    private final int most;
    private final Counter refused;
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicLong saidAtNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    /** @param wanted where the system has files for as many */
    ConnectionLimit(int wanted, Meter meter) {
        this.most = (int) Math.min(wanted, Math.max(1, mostFiles() - OTHER_FILES));
        this.refused = meter.counter(Metric.CONNECTIONS_REFUSED);
        meter.shows(Metric.CONNECTIONS_LIMIT, () -> most);
    }

    private static long mostFiles() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }

    int most() {
        return most;
    }

    /** @param channel just accepted, nothing in its pipeline */
    void refuse(Channel channel) {
        refused.increment();
        long now = System.nanoTime();
        long saidAt = saidAtNanos.get();
        if (now - saidAt >= QUIET_NANOS && saidAtNanos.compareAndSet(saidAt, now)) {
            LOG.warn(
                    "Refusing connections: {} are open, as many as ELECTRIC_MAX_CONCURRENT_REQUESTS and the limit of open"
                            + " files (ulimit -n) allow",
                    most);
        }
        if (told.incrementAndGet() > MOST_TOLD) {
            told.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> told.decrementAndGet());
        channel.pipeline().addLast(new Refusal());
    }

    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(REFUSAL.duplicate()).addListener(written -> LastWords.said(ctx.channel()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("A refused connection broke: {}", cause.getMessage());
            ctx.close();
        }
    }
}
