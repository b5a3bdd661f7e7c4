package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.http.RecentHeads.Recognized;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class RecentHeadsTest {
    private final RecentHeads recent = new RecentHeads(new RecentQueries());
    private final EmbeddedChannel channel = connection();

    private EmbeddedChannel connection() {
        return new EmbeddedChannel(new Http1Codec(new HttpDecoderConfig(), recent));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static String request(String cursor, String headers) {
        return "GET /v1/shape?cursor=" + cursor
                + "&handle=7&live=true&offset=1_0&table=items HTTP/1.1\r\nhost: here\r\n" + headers + "\r\n";
    }

    private List<Object> read(EmbeddedChannel from, String bytes) {
        ByteBuf in = from.alloc().buffer();
        ByteBufUtil.writeAscii(in, bytes);
        from.writeInbound(in);
        List<Object> read = new ArrayList<>();
        for (Object part = from.readInbound(); part != null; part = from.readInbound()) {
            read.add(part);
        }
        return read;
    }

    private Recognized recognized(String bytes) {
        List<Object> read = read(channel, bytes);
        assertThat(read).hasOnlyElementsOfType(Recognized.class).hasSize(1);
        return (Recognized) read.getFirst();
    }

    private void learn(String bytes) {
        for (int times = 0; times < 2; times++) {
            assertThat(read(channel, bytes)).hasOnlyElementsOfTypes(HttpRequest.class, LastHttpContent.class);
        }
    }

    @Test
    void aRequestIsRecognizedByItsBytesButForTheCursor() {
        learn(request("17", "x-request-id: aaaaaaaaaaaaaaaaaaaaaaaa\r\n"));

        Recognized again = recognized(request("4711", "x-request-id: aaaaaaaaaaaaaaaaaaaaaaaa\r\n"));
        Recognized without = recognized(request("", "x-request-id: aaaaaaaaaaaaaaaaaaaaaaaa\r\n"));

        assertThat(again.query().cursor()).isEqualTo("4711");
        assertThat(without.query().cursor()).isEmpty();
        assertThat(again.query().query()).isSameAs(without.query().query());
        assertThat(again.keepAlive()).isTrue();
        assertThat(again.head().requestId()).isEqualTo("aaaaaaaaaaaaaaaaaaaaaaaa");
        assertThat(again.head().target()).isEqualTo("/v1/shape?cursor=&handle=7&live=true&offset=1_0&table=items");
        assertThat(read(channel, request("17", "x-request-id: bbbbbbbbbbbbbbbbbbbbbbbb\r\n")))
                .doesNotHaveAnyElementsOfTypes(Recognized.class);
    }

    @Test
    void aConnectionThatIsToBeClosedIsRecognizedAsSuch() {
        learn(request("17", "connection: close\r\n"));

        assertThat(recognized(request("18", "connection: close\r\n")).keepAlive())
                .isFalse();
    }

    @Test
    void requestsThatComeInPiecesOrTogetherAreReadOneByOne() {
        String one = request("17", "");
        learn(one);
        for (int cut = 1; cut < one.length(); cut++) {
            List<Object> read = read(channel, one.substring(0, cut));
            // What follows a piece is no request, be it the bytes of one.
            read.addAll(read(channel, one.substring(cut) + one));
            assertThat(read).hasSize(4).doesNotHaveAnyElementsOfTypes(Recognized.class);
        }
        recognized(one);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 0\r\n",
                "transfer-encoding: chunked\r\n",
                "expect: 100-continue\r\n",
                "upgrade: h2c\r\n"
            })
    void whatSaysMoreThanItsHeadIsAlwaysRead(String header) {
        String body = header.startsWith("transfer") ? "0\r\n\r\n" : "";
        for (int times = 0; times < 4; times++) {
            EmbeddedChannel fresh = connection();
            List<Object> read = read(fresh, request("17", header) + body);
            assertThat(read).isNotEmpty().doesNotHaveAnyElementsOfTypes(Recognized.class);
            read.forEach(ReferenceCountUtil::release);
            fresh.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/shape?table=items&offset=-1 HTTP/1.1\r\n\r\n",
                "GET /v1/shape?table=items&offset=-1 HTTP/1.0\r\nhost: here\r\n\r\n",
                "GET /v1/shape?table=items&cursor=1&%63ursor=2 HTTP/1.1\r\nhost: here\r\n\r\n",
                "GET /v1/shape?table=%ff HTTP/1.1\r\nhost: here\r\n\r\n",
                "GET /v1/health HTTP/1.1\r\nhost: here\r\n\r\n"
            })
    void whatIsRefusedOrUnusualIsAlwaysRead(String request) {
        for (int times = 0; times < 4; times++) {
            assertThat(read(channel, request)).isNotEmpty().doesNotHaveAnyElementsOfTypes(Recognized.class);
        }
    }

    @Test
    void headsThatShareAPlaceAreNotTakenForEachOther() {
        for (int i = 0; i < 1_000; i++) {
            String request = "GET /v1/shape?table=t" + i + "&offset=-1 HTTP/1.1\r\nhost: here\r\n\r\n";
            learn(request);
            assertThat(recognized(request).head().target()).contains("table=t" + i + "&");
        }
    }
}
