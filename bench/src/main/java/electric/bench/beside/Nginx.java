package electric.bench.beside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A web server that has the answers of another in files, with the headers that a client needs to go on. */
public final class Nginx implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final Path folder;
    private final Process process;
    private final URI uri;

    private Nginx(Path folder, Process process, URI uri) {
        this.folder = folder;
        this.process = process;
        this.uri = uri;
    }

    /**
     * Takes the answers from a server and starts.
     *
     * @param shape the parameters that define what is read
     * @throws IOException when it is not installed
     */
    public static Nginx of(URI server, String shape) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-nginx-");
        try {
            String positions = take(server, shape, folder);
            int port;
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = any.getLocalPort();
            }
            Path configuration = folder.resolve("nginx.conf");
            Files.writeString(configuration, configuration(folder, port, positions));
            Process process = Children.start(
                    new ProcessBuilder("nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("nginx.log").toFile()));
            Nginx nginx = new Nginx(folder, process, URI.create("http://127.0.0.1:" + port));
            nginx.awaitListening(port);
            return nginx;
        } catch (IOException | RuntimeException failed) {
            delete(folder);
            throw failed;
        }
    }

    /** @return which headers belong to which offset, in the words of the configuration */
    private static String take(URI server, String shape, Path folder) throws IOException, InterruptedException {
        StringBuilder next = new StringBuilder();
        StringBuilder last = new StringBuilder();
        String handle = "";
        String offset = "-1";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                String query = shape + "&offset=" + offset + (handle.isEmpty() ? "" : "&handle=" + handle);
                HttpResponse<Path> answer = client.send(
                        HttpRequest.newBuilder(server.resolve("/v1/shape?" + query))
                                .build(),
                        HttpResponse.BodyHandlers.ofFile(folder.resolve(offset + ".json")));
                String behind = answer.headers().firstValue("electric-offset").orElseThrow();
                handle = answer.headers().firstValue("electric-handle").orElseThrow();
                next.append(offset).append(' ').append(behind).append(";\n");
                if (answer.headers().firstValue("electric-up-to-date").isPresent()) {
                    last.append(offset).append(" true;\n");
                    return """
                            map $arg_offset $next {
                            %s}
                            map $arg_offset $up_to_date {
                            %s}
                            """.formatted(next, last);
                }
                offset = behind;
            }
        }
    }

    private static String configuration(Path folder, int port, String positions) {
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        return """
                %s
                daemon off;
                worker_processes auto;
                pid nginx.pid;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 1000000;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    default_type application/json;
                    %s
                    server {
                        listen 127.0.0.1:%d;
                        location = /v1/shape {
                            root %s;
                            add_header electric-handle warm;
                            add_header electric-offset $next;
                            add_header electric-up-to-date $up_to_date;
                            try_files /$arg_offset.json =404;
                        }
                    }
                }
                """.formatted(user, positions, port, folder);
    }

    private void awaitListening(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    String said = Files.readString(folder.resolve("nginx.log"));
                    close();
                    throw new IOException("nginx did not start: " + said, notYet);
                }
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    public URI uri() {
        return uri;
    }

    public OsProcess os() {
        return OsProcess.family(process.pid());
    }

    @Override
    public void close() throws IOException {
        Children.end(process);
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path one : all) {
                if (Files.isDirectory(one)) {
                    delete(one);
                } else {
                    Files.delete(one);
                }
            }
        }
        Files.delete(folder);
    }
}
