package electric.oracle;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What stands between clients and the server when those who keep it do not know what they do. */
final class Adversary implements AutoCloseable {
    /** Of {@link #TURN} requests. */
    private static final int PLAYS = 6;

    private static final int TURN = 10;

    /** The stock client asks again past a cache so often, and then gives up. */
    private static final int MOST_IN_A_ROW = 3;

    private static final Duration LONGEST_DELAY = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Without these the stock client refuses an answer, and says which it misses. */
    private static final Set<String> NEEDED = Set.of(
            "electric-offset", "electric-handle", "electric-schema", "electric-cursor", "content-type", "retry-after");

    enum Trick {
        /** Gives any answer that the same URL ever had. */
        KEEPS_FOR_EVER(""),
        /** Gives an end that the same URL ever had, which the client meets again in vain. */
        KEEPS_CONFLICTS(""),
        /** What is asked for next is asked for with another cursor. */
        IGNORES_CURSOR("cursor"),
        /** What the client adds to get past a cache. */
        IGNORES_BUSTERS("cache-buster|expired_handle"),
        /** Gives the answers of a shape that is over in the name of the one that is. */
        IGNORES_HANDLE("handle|cache-buster|expired_handle"),
        HIDES_HEADERS(""),
        DELAYS(""),
        BREAKS_OFF(""),
        FAILS("");

        /** The names of the parameters that are not looked at. */
        private final String ignored;

        Trick(String ignored) {
            this.ignored = ignored;
        }
    }

    /** @param body one character per byte */
    private record Answer(int status, Map<String, List<String>> headers, String body) {
        Answer only(Predicate<String> kept) {
            return new Answer(
                    status,
                    headers.entrySet().stream()
                            .filter(header -> kept.test(header.getKey()))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                    body);
        }
    }

    private final RunningServer server;
    private final List<Trick> tricks;
    private final Random random;
    private final HttpServer front;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What was answered to requests that are the same to a trick. */
    private final Map<Trick, Map<String, List<Answer>>> kept = new EnumMap<>(Trick.class);

    private final Map<Trick, Integer> played = new EnumMap<>(Trick.class);
    private int inARow;
    private boolean relented;

    private Adversary(RunningServer server, long seed, Trick... tricks) throws IOException {
        this.server = server;
        this.tricks = new ArrayList<>(List.of(tricks));
        this.random = new Random(seed);
        this.front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    static Adversary before(RunningServer server, long seed, Trick... tricks) {
        System.out.println("Adversary: " + Arrays.toString(tricks) + ", seed " + seed);
        try {
            Adversary adversary = new Adversary(server, seed, tricks);
            adversary.front.setExecutor(adversary.threads);
            adversary.front.createContext("/", adversary::answer);
            adversary.front.start();
            return adversary;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return front.getAddress().getPort();
    }

    String shapeUrl() {
        return "http://127.0.0.1:" + port() + "/v1/shape";
    }

    /** From now on it is a proxy like any other. */
    synchronized void relent() {
        relented = true;
    }

    synchronized Map<Trick, Integer> played() {
        return Map.copyOf(played);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            String query =
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            Optional<Trick> trick = trick(query);
            Answer answer = trick.flatMap(one -> instead(one, query)).orElse(null);
            if (answer == null) {
                answer = ask(query);
                keep(query, answer);
            }
            if (trick.filter(Trick.HIDES_HEADERS::equals).isPresent()) {
                answer = answer.only(NEEDED::contains);
            }
            answer.headers.forEach(
                    (name, values) -> exchange.getResponseHeaders().put(name, values));
            byte[] body = answer.body.getBytes(StandardCharsets.ISO_8859_1);
            if (trick.filter(Trick.BREAKS_OFF::equals).isPresent() && body.length > 1) {
                exchange.sendResponseHeaders(answer.status, body.length);
                exchange.getResponseBody().write(body, 0, body.length / 2);
                exchange.getResponseBody().flush();
            } else {
                exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            // A client that leaves its request is nothing to tell of.
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer ask(String query) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(server.shapeUrl() + "?" + query))
                        .timeout(LIMIT)
                        .build(),
                BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        return new Answer(response.statusCode(), response.headers().map(), response.body())
                .only(name -> !Set.of("content-length", "transfer-encoding", "connection", "date")
                        .contains(name));
    }

    /** Which to play now. */
    private synchronized Optional<Trick> trick(String query) {
        if (relented || inARow == MOST_IN_A_ROW || random.nextInt(TURN) >= PLAYS) {
            inARow = 0;
            return Optional.empty();
        }
        Collections.shuffle(tricks, random);
        Optional<Trick> chosen =
                tricks.stream().filter(trick -> isPossible(trick, query)).findFirst();
        inARow = chosen.isPresent() ? inARow + 1 : 0;
        chosen.ifPresent(trick -> played.merge(trick, 1, Integer::sum));
        return chosen;
    }

    private boolean isPossible(Trick trick, String query) {
        return switch (trick) {
            case KEEPS_FOR_EVER, KEEPS_CONFLICTS, IGNORES_CURSOR, IGNORES_BUSTERS, IGNORES_HANDLE ->
                !former(trick, query).isEmpty();
            case HIDES_HEADERS, DELAYS -> true;
            // After these a client waits for a second or more.
            case BREAKS_OFF, FAILS -> random.nextInt(TURN) == 0;
        };
    }

    private Optional<Answer> instead(Trick trick, String query) {
        return switch (trick) {
            case KEEPS_FOR_EVER, KEEPS_CONFLICTS, IGNORES_CURSOR, IGNORES_BUSTERS, IGNORES_HANDLE ->
                Optional.of(anyFormer(trick, query));
            case DELAYS -> {
                LockSupport.parkNanos((long) (LONGEST_DELAY.toNanos() * Math.random()));
                yield Optional.empty();
            }
            case FAILS ->
                Optional.of(new Answer(
                        502,
                        Map.of("content-type", List.of("text/html"), "retry-after", List.of("0")),
                        "<h1>Bad Gateway</h1>"));
            case HIDES_HEADERS, BREAKS_OFF -> Optional.empty();
        };
    }

    private synchronized Answer anyFormer(Trick trick, String query) {
        List<Answer> former = former(trick, query);
        return former.get(random.nextInt(former.size()));
    }

    private synchronized List<Answer> former(Trick trick, String query) {
        return kept.computeIfAbsent(trick, none -> new HashMap<>())
                .computeIfAbsent(sameTo(trick, query), none -> new ArrayList<>());
    }

    private synchronized void keep(String query, Answer answer) {
        for (Trick trick : tricks) {
            if (trick == Trick.KEEPS_CONFLICTS ? answer.status == 409 : answer.status == 200) {
                former(trick, query).add(answer);
            }
        }
    }

    private static String sameTo(Trick trick, String query) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> !pair.replaceFirst("=.*", "").matches(trick.ignored))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        front.stop(0);
        http.shutdownNow();
        threads.shutdownNow();
    }
}
