package electric.oracle.run;

import electric.oracle.scenario.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The way between clients and a server, byte by byte: it delays answers, or breaks them off, when it is told to. */
final class Line implements AutoCloseable {
    private static final int PIECE = 8 << 10;
    private static final int FEW_BEFORE_A_CUT_BITS = 6;
    private static final int MORE_BEFORE_A_CUT_BITS = 12;
    private static final int LONGEST_DELAY_MILLIS = 60;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final ServerSocket entrance;
    private final URI exit;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Optional<Fault> fault = Optional.empty();

    private Line(URI exit) throws IOException {
        this.exit = exit;
        this.entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    /** @param shapeUrl of the server at the other end */
    static Line to(String shapeUrl) {
        try {
            return new Line(URI.create(shapeUrl));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As the server's, from this end. */
    String shapeUrl() {
        return "http://localhost:" + entrance.getLocalPort() + exit.getRawPath();
    }

    void breaks(Fault how) {
        fault = Optional.of(how);
    }

    void mend() {
        fault = Optional.empty();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                Thread.startVirtualThread(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Who has no server behind, has no connection. */
    private void connect(Socket client) {
        sockets.add(client);
        try (client;
                Socket server = new Socket()) {
            sockets.add(server);
            server.connect(new InetSocketAddress(exit.getHost(), exit.getPort()), (int) CONNECT_LIMIT.toMillis());
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            Thread asking = Thread.startVirtualThread(() -> ask(client, server));
            answer(server, client);
            client.close();
            asking.join();
        } catch (IOException gone) {
            // Closed by either side or by us: the sockets are, and that is all there is to tell.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
            sockets.removeIf(Socket::isClosed);
        }
    }

    private static void ask(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException gone) {
            // The answer's side sees it too.
        }
    }

    private void answer(Socket server, Socket client) throws IOException, InterruptedException {
        InputStream from = server.getInputStream();
        OutputStream to = client.getOutputStream();
        byte[] piece = new byte[PIECE];
        Optional<Fault> begun = Optional.empty();
        int left = 0;
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            Optional<Fault> now = fault;
            if (!now.equals(begun)) {
                begun = now;
                left = bytesBeforeACut();
            }
            if (now.equals(Optional.of(Fault.ANSWERS_DELAYED))) {
                Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_DELAY_MILLIS));
            }
            if (now.equals(Optional.of(Fault.ANSWERS_CUT)) && read > left) {
                to.write(piece, 0, left);
                return;
            }
            left -= read;
            to.write(piece, 0, read);
        }
    }

    /** Mostly few; sometimes enough for any answer, so that who tries again gets there. */
    private static int bytesBeforeACut() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return random.nextInt(1 << (FEW_BEFORE_A_CUT_BITS + random.nextInt(MORE_BEFORE_A_CUT_BITS)));
    }

    @Override
    public void close() {
        try (entrance) {
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
