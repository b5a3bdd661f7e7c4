package electric.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpConnectionTest {
    private static final String CHUNKED = """
            HTTP/1.1 200 OK
            Electric-Offset: 12_4
            transfer-encoding: chunked

            A;x=y
            [{"key":1}
            1
            ]
            0

            """.replace("\n", "\r\n");
    private static final String SIZED = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nelectric-offset: 7_0\r\n\r\n[]";
    private static final String EMPTY = "HTTP/1.1 304 Not Modified\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    private static final String WHAT_IT_SAYS = "200 12_4|[{\"key\":1}]|end,200 7_0|[]|end,304 null||end";

    private final List<String> heard = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 1000})
    void answersAreReadHoweverTheyAreCut(int pieces) {
        HttpConnection connection = new HttpConnection(new Listening(false));
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        for (String piece : (CHUNKED + SIZED + EMPTY).split("(?<=\\G.{" + pieces + "})(?s)", -1)) {
            channel.writeInbound(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII));
        }
        assertThat(String.join("", heard)).isEqualTo(WHAT_IT_SAYS.replace(",", ""));
        assertThat(connection.closes()).isTrue();
    }

    @Test
    void inAWaveTheAnswersAreLookedAtWhenAllAreThere() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpConnection(new Listening(true)));
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(SIZED, StandardCharsets.US_ASCII));
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(CHUNKED, StandardCharsets.US_ASCII));
        assertThat(heard).isEmpty();
        channel.runPendingTasks();
        assertThat(String.join("", heard)).isEqualTo("200 7_0|[]|end200 12_4|[{\"key\":1}]|end");
    }

    @Test
    void anEndBetweenTwoAnswersIsInOrder() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpConnection(new Listening(true)));
        channel.writeInbound(Unpooled.copiedBuffer(SIZED, StandardCharsets.US_ASCII));
        ChannelFuture closed = channel.close();
        assertThat(closed.isSuccess()).isTrue();
        channel.runPendingTasks();
        assertThat(heard).endsWith("ended");
    }

    @Test
    void anEndWithinAnAnswerIsNotInOrder() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpConnection(new Listening(false)));
        channel.writeInbound(Unpooled.copiedBuffer(SIZED + SIZED.substring(0, 20), StandardCharsets.US_ASCII));
        ChannelFuture closed = channel.close();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(heard).endsWith("lost");
    }

    @Test
    void aConnectionThatNeverAnsweredDidNotEndInOrder() {
        ChannelFuture closed = new EmbeddedChannel(new HttpConnection(new Listening(false))).close();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(heard).containsExactly("lost");
    }

    @Test
    void nonsenseIsALoss() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpConnection(new Listening(false)));
        channel.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", StandardCharsets.US_ASCII));
        assertThat(heard).contains("lost");
        assertThat(channel.isOpen()).isFalse();
    }

    private final class Listening implements HttpConnection.Reader {
        private final boolean inWaves;

        Listening(boolean inWaves) {
            this.inWaves = inWaves;
        }

        @Override
        public boolean inWaves() {
            return inWaves;
        }

        @Override
        public void connected(HttpConnection connection) {}

        @Override
        public void head(HttpConnection connection, Head head) {
            heard.add(head.status() + " " + head.value("electric-offset") + "|");
        }

        @Override
        public void body(HttpConnection connection, ByteBuf part) {
            heard.add(part.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void end(HttpConnection connection) {
            heard.add("|end");
        }

        @Override
        public void lost(HttpConnection connection, Throwable cause) {
            heard.add(connection.endedInOrder() ? "ended" : "lost");
        }
    }
}
