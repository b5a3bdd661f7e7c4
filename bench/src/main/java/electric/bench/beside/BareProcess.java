package electric.bench.beside;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@link BareServer} as a process of its own. */
public final class BareProcess implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final Socket control;
    private final DataOutputStream out;

    private BareProcess(Process process, int port, int controlPort) throws IOException {
        this.process = process;
        this.uri = URI.create("http://127.0.0.1:" + port);
        this.control = new Socket(InetAddress.getLoopbackAddress(), controlPort);
        this.control.setTcpNoDelay(true);
        this.out = new DataOutputStream(control.getOutputStream());
    }

    public static BareProcess start(Path log) throws IOException {
        Process process = Children.start(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseCompactObjectHeaders",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareServer.class.getName())
                .redirectError(log.toFile()));
        BufferedReader said = process.inputReader(StandardCharsets.US_ASCII);
        String line = said.readLine();
        if (line == null) {
            throw new IOException("the bare server did not start, see " + log);
        }
        String[] ports = line.split(" ", -1);
        return new BareProcess(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }

    public URI uri() {
        return uri;
    }

    public OsProcess os() {
        return OsProcess.alone(process.pid());
    }

    /** Returns when it has taken as many clients: those that are on their way would get nothing. */
    public void awaitClients(int clients) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(control.getInputStream());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        do {
            write(new byte[0]);
            if (in.readInt() == clients) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        } while (System.nanoTime() < deadline);
        throw new IOException("the bare server does not take its clients");
    }

    /** Writes these bytes to everybody who waits. */
    public void write(byte[] bytes) throws IOException {
        byte[] frame = new byte[Integer.BYTES + bytes.length];
        ByteBuffer.wrap(frame).putInt(bytes.length).put(bytes);
        out.write(frame);
    }

    @Override
    public void close() throws IOException {
        control.close();
        Children.end(process);
    }
}
