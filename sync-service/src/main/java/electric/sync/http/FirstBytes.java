package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;

/** Tells by the first bytes of a connection whether its client speaks HTTP/2 without having asked, and is gone then. */
final class FirstBytes extends ByteToMessageDecoder {
    /** Told to the connection when it turns out to be many. */
    enum Http2Begins {
        EVENT
    }

    private static final ByteBuf PREFACE = Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

    private final Http1Codec http1;
    private final HttpServerUpgradeHandler upgrade;
    private final ChannelHandler http2;

    /** @param http2 takes the place of the other two where HTTP/2 is spoken */
    FirstBytes(Http1Codec http1, HttpServerUpgradeHandler upgrade, ChannelHandler http2) {
        this.http1 = http1;
        this.upgrade = upgrade;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addAfter(ctx.name(), null, upgrade).addAfter(ctx.name(), null, http1);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int length = PREFACE.readableBytes();
        int seen = Math.min(in.readableBytes(), length);
        ChannelPipeline pipeline = ctx.pipeline();
        if (!ByteBufUtil.equals(PREFACE, PREFACE.readerIndex(), in, in.readerIndex(), seen)) {
            pipeline.remove(this);
        } else if (seen == length) {
            pipeline.remove(http1).remove(upgrade);
            pipeline.addAfter(ctx.name(), null, http2);
            pipeline.remove(this);
            ctx.fireUserEventTriggered(Http2Begins.EVENT);
        }
    }
}
