package electric.sync.pg;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers the first packet of a connection as the test wants, and hangs up. */
final class FakeServer implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;

    interface Script {
        void answer(Socket socket, boolean ssl) throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> hellos = new CopyOnWriteArrayList<>();

    FakeServer(Script script) throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] packet = new byte[in.readInt() - 4];
                    in.readFully(packet);
                    boolean ssl = packet.length == 4 && ByteBuffer.wrap(packet).getInt() == SSL_REQUEST;
                    hellos.add(ssl ? "ssl" : "plain");
                    script.answer(socket, ssl);
                } catch (IOException e) {
                    hellos.add("closed");
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    /** What the connections asked for, in order. */
    List<String> hellos() {
        return List.copyOf(hellos);
    }

    static byte[] error(String code, String message) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(("SFATAL\0C" + code + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(fields.size() + 5)
                .put((byte) 'E')
                .putInt(fields.size() + 4)
                .put(fields.toByteArray())
                .array();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
