package electric.sync.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a connection whose streams have taken over: hears how it breaks, which is up to the client. */
// What comes of closing is told to the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class Streams extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("A client's HTTP/2 connection broke: {}", cause.getMessage());
        // What is against the protocol is told to the client first, by who found it.
        if (!(cause instanceof Http2Exception)) {
            ctx.close();
        }
    }
}
