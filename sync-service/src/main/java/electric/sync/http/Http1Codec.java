package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Requests from bytes and answers to bytes, as HTTP/1.1 writes them. What is bytes already goes out as it is: a whole
 * answer, or a piece of one that has been begun.
 */
final class Http1Codec extends CombinedChannelDuplexHandler<HttpRequestDecoder, Http1Codec.Answers>
        implements HttpServerUpgradeHandler.SourceCodec {
    Http1Codec(HttpDecoderConfig limits, RecentHeads recent) {
        super(new Requests(limits, recent), new Answers());
    }

    @Override
    public void upgradeFrom(ChannelHandlerContext ctx) {
        ctx.pipeline().remove(this);
    }

    /** Whoever says two lengths wants somebody on the way to see another request than we do. */
    private static final class Requests extends HttpRequestDecoder {
        private final RecentHeads recent;

        /** Whether the next byte is the first of a request. */
        private boolean atStart = true;

        /** Whether what is read now is all that has arrived, from the start of a request. */
        private boolean fromStart;

        Requests(HttpDecoderConfig limits, RecentHeads recent) {
            super(limits);
            this.recent = recent;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            if (!atStart || !(message instanceof ByteBuf in)) {
                super.channelRead(ctx, message);
                return;
            }
            RecentHeads.Recognized recognized = recent.find(in);
            if (recognized != null) {
                in.release();
                ctx.fireChannelRead(recognized);
            } else {
                fromStart = true;
                super.channelRead(ctx, message);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            int before = out.size();
            super.decode(ctx, in, out);
            Object latest = out.isEmpty() ? null : out.getLast();
            atStart = !in.isReadable() && latest instanceof LastHttpContent && !(latest instanceof HttpRequest);
            if (fromStart && atStart && out.size() == before + 2 && out.get(before) instanceof HttpRequest request) {
                recent.learn(request);
            }
            fromStart = false;
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("content-length and transfer-encoding");
        }
    }

    /** The head of an answer to a request that wants nothing else. */
    static final class HeadOnly extends DefaultHttpResponse {
        HeadOnly(HttpResponseStatus status, HttpHeaders headers) {
            super(HttpVersion.HTTP_1_1, status, headers);
        }
    }

    static final class Answers extends HttpResponseEncoder {
        @Override
        public boolean acceptOutboundMessage(Object message) throws Exception {
            return !(message instanceof ByteBuf) && super.acceptOutboundMessage(message);
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse answer) {
            return answer instanceof HeadOnly || super.isContentAlwaysEmpty(answer);
        }
    }
}
