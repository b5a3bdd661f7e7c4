package electric.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to the server that can be interrupted: every connection on it breaks then, and new ones do at once. */
final class Interrupted implements AutoCloseable {
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean interrupted;

    private Interrupted(RunningServer server) throws IOException {
        this.port = server.app().port();
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static Interrupted to(RunningServer server) {
        try {
            Interrupted way = new Interrupted(server);
            Thread.startVirtualThread(way::accept);
            return way;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String shapeUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1/shape";
    }

    void interrupt() {
        interrupted = true;
        open.forEach(Interrupted::close);
    }

    void restore() {
        interrupted = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                if (interrupted) {
                    close(client);
                } else {
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), port);
                    open.add(there);
                    Thread.startVirtualThread(() -> pass(client, there));
                    Thread.startVirtualThread(() -> pass(there, client));
                }
            } catch (IOException closed) {
                break;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException broken) {
            // The other end is told by the end of its connection.
            open.remove(from);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        open.forEach(Interrupted::close);
    }
}
