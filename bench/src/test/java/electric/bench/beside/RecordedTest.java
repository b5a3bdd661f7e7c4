package electric.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RecordedTest {
    @Test
    void anAnswerIsWrittenAgainInOneChunkWithOtherIds() throws Exception {
        String head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        Recorded recorded =
                recorded(head + "8\r\n[{\"id\":\"\r\n16\r\n100000\"},{\"id\":\"100001\r\n3\r\n\"}]\r\n0\r\n\r\n");
        assertThat(text(recorded.bytes(100_007)))
                .isEqualTo(head + "21\r\n[{\"id\":\"100007\"},{\"id\":\"100008\"}]\r\n0\r\n\r\n");
    }

    @Test
    void eventsAreWrittenWithoutAnEnd() throws Exception {
        String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        String row = "data: {\"id\":\"100000\"}\n\n";
        String last = "data: {\"control\":\"up-to-date\"}\n\n";
        Recorded recorded = recorded(head + chunk(row) + chunk(last));
        assertThat(text(recorded.head())).isEqualTo(head);
        assertThat(text(recorded.bytes(100_001))).isEqualTo(chunk(row.replace("100000", "100001") + last));
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Of a server that answers this to anything, and then says no more. */
    private static Recorded recorded(String answer) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    Socket client = listening.accept();
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    // The test is over.
                }
            });
            return Recorded.of(
                    URI.create("http://127.0.0.1:" + listening.getLocalPort()), "/v1/shape?live=true", () -> {});
        }
    }
}
