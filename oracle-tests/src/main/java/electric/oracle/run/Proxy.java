package electric.oracle.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between clients and a server, and does with requests and answers what it likes. */
final class Proxy implements AutoCloseable {
    /** Of one connection, not of an answer. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "date");

    private final HttpServer server;
    private final String shapeUrl;
    private final Meddler meddler;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What comes back for a request. Names of headers are lower case. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    /** The server behind. */
    @FunctionalInterface
    interface Behind {
        Answer ask(String query) throws IOException, InterruptedException;
    }

    /** Decides what a client gets for its query. */
    @FunctionalInterface
    interface Meddler {
        Answer answer(String query, Behind server) throws IOException, InterruptedException;
    }

    private Proxy(String shapeUrl, Meddler meddler, HttpClient http) throws IOException {
        this.shapeUrl = shapeUrl;
        this.meddler = meddler;
        this.http = http;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/shape", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** @param shapeUrl of the server behind */
    static Proxy before(String shapeUrl, Meddler meddler, HttpClient http) {
        try {
            return new Proxy(shapeUrl, meddler, http);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String shapeUrl() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1/shape";
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = meddler.answer(exchange.getRequestURI().getRawQuery(), this::ask);
            answer.headers().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer ask(String query) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(URI.create(shapeUrl + "?" + query)).build(), BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(), new HashMap<>(response.headers().map()), response.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
