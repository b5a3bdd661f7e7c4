package electric.oracle;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one client says on one connection, and how; the server is judged by what comes back.
 *
 * @param seed of everything that happens by chance while it is held
 */
record FuzzedConversation(List<FuzzedRequest> requests, Manner manner, long seed) {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_LINE = 64 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9][0-9]) ?.*");
    private static final JsonMapper JSON = new JsonMapper();

    enum Manner {
        ONE_BY_ONE,
        PIPELINED,
        /** In small pieces. */
        DRIBBLED,
        /** The client says that it has said everything. */
        HALF_CLOSED,
        /** The client goes in the middle of what it has to say. */
        CUT_SHORT,
        /** The client goes in the middle of an answer. */
        LEFT
    }

    /** @param body one character per byte */
    private record Answer(boolean bare, int status, Map<String, List<String>> headers, String body) {
        boolean ends() {
            return bare || value("connection").equalsIgnoreCase("close");
        }

        String value(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    /** What a server must not do. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        private final String what;

        Wrong(String what) {
            super(what);
            this.what = what;
        }
    }

    /** Negative seeds stand for garbage alone. */
    static FuzzedConversation of(long seed, List<String> handles) {
        if (seed < 0) {
            return new FuzzedConversation(List.of(FuzzedRequest.garbage((int) -seed)), Manner.ONE_BY_ONE, seed);
        }
        Random random = new Random(seed);
        Manner manner = switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> Manner.PIPELINED;
            case 5, 6 -> Manner.DRIBBLED;
            case 7 -> Manner.HALF_CLOSED;
            case 8 -> Manner.CUT_SHORT;
            case 9, 10 -> Manner.LEFT;
            default -> Manner.ONE_BY_ONE;
        };
        int count = random.nextInt(60) == 0 ? 60 : 1 + random.nextInt(6);
        List<FuzzedRequest> requests = new ArrayList<>(IntStream.range(0, count - 1)
                .mapToObj(i -> FuzzedRequest.sound(random, handles))
                .toList());
        requests.add(
                random.nextInt(10) == 0
                        ? FuzzedRequest.unsound(random, handles)
                        : FuzzedRequest.sound(random, handles));
        return new FuzzedConversation(requests, manner, random.nextLong());
    }

    /** The same with one thing less, or said more plainly. */
    List<FuzzedConversation> simpler() {
        List<FuzzedConversation> simpler = new ArrayList<>();
        for (int i = 0; requests.size() > 1 && i < requests.size(); i++) {
            List<FuzzedRequest> fewer = new ArrayList<>(requests);
            fewer.remove(i);
            simpler.add(new FuzzedConversation(fewer, manner, seed));
        }
        if (manner == Manner.PIPELINED || manner == Manner.DRIBBLED) {
            simpler.add(new FuzzedConversation(requests, Manner.ONE_BY_ONE, seed));
        }
        for (int i = 0; i < requests.size(); i++) {
            for (FuzzedRequest one : requests.get(i).simpler()) {
                List<FuzzedRequest> same = new ArrayList<>(requests);
                same.set(i, one);
                simpler.add(new FuzzedConversation(same, manner, seed));
            }
        }
        return simpler;
    }

    String text() {
        return manner + ":\n"
                + requests.stream()
                        .map(FuzzedRequest::text)
                        .map(text -> text.length() > 1000 ? text.substring(0, 1000) + "…" : text)
                        .collect(Collectors.joining("\n----\n"));
    }

    /**
     * Holds it to its end.
     *
     * @param statuses told each status that came back
     * @return what the server did wrong
     */
    // The writer may be waiting for a server that takes no more: closing wakes it up.
    @SuppressWarnings("try")
    Optional<String> hold(int port, IntConsumer statuses) {
        Random random = new Random(seed);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            switch (manner) {
                case ONE_BY_ONE -> {
                    long idleSince = System.nanoTime();
                    for (FuzzedRequest request : requests) {
                        out.write(bytes(request.text()));
                        // The server may have ended a connection that was idle for longer.
                        if (System.nanoTime() - idleSince > LONGEST_PAUSE.toNanos() || ended(in, request, statuses)) {
                            break;
                        }
                        idleSince = System.nanoTime();
                    }
                }
                case PIPELINED, DRIBBLED -> {
                    Thread writer = Thread.startVirtualThread(() -> say(out, random));
                    for (FuzzedRequest request : requests) {
                        if (ended(in, request, statuses)) {
                            break;
                        }
                    }
                    socket.close();
                    writer.join();
                }
                case HALF_CLOSED -> {
                    out.write(bytes(allText()));
                    socket.shutdownOutput();
                    readAway(in);
                }
                case CUT_SHORT -> {
                    byte[] all = bytes(allText());
                    out.write(all, 0, random.nextInt(all.length + 1));
                    socket.setSoLinger(random.nextBoolean(), 0);
                }
                case LEFT -> {
                    out.write(bytes(allText()), 0, Math.min(allText().length(), 16 * 1024));
                    // Whatever has come by now, or the first that comes.
                    in.read(new byte[1 + random.nextInt(3000)]);
                    socket.setSoLinger(random.nextBoolean(), 0);
                }
            }
            return Optional.empty();
        } catch (Wrong wrong) {
            return Optional.of(wrong.what);
        } catch (SocketTimeoutException silent) {
            return Optional.of("nothing came for " + PATIENCE_MILLIS + " ms");
        } catch (IOException broken) {
            return manner == Manner.LEFT || manner == Manner.CUT_SHORT || manner == Manner.HALF_CLOSED || !sound()
                    ? Optional.empty()
                    : Optional.of("broken off: " + broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while talking to the server", interrupted);
        }
    }

    /** To the end of the connection, unless there are events, which go on. */
    private static void readAway(InputStream in) throws IOException {
        byte[] read = new byte[64 * 1024];
        for (int length = in.read(read); length >= 0; length = in.read(read)) {
            if (new String(read, 0, length, StandardCharsets.ISO_8859_1).contains("text/event-stream")) {
                return;
            }
        }
    }

    private boolean sound() {
        return requests.stream().allMatch(FuzzedRequest::sound);
    }

    private String allText() {
        return requests.stream().map(FuzzedRequest::text).collect(Collectors.joining());
    }

    private void say(OutputStream out, Random random) {
        byte[] all = bytes(allText());
        try {
            int longest = manner == Manner.PIPELINED ? all.length : Math.max(40, all.length / 50);
            for (int from = 0; from < all.length; ) {
                int length = Math.min(all.length - from, 1 + random.nextInt(longest));
                out.write(all, from, length);
                from += length;
            }
        } catch (IOException over) {
            // Whether the server was right to end the connection is seen where its answers are read.
            return;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads what answers the request; whether nothing more can come of the connection. */
    private static boolean ended(InputStream in, FuzzedRequest request, IntConsumer statuses)
            throws IOException, Wrong {
        if (!request.sound()) {
            readToTheEnd(in, request, statuses);
            return true;
        }
        Answer answer = read(in, request);
        statuses.accept(answer.status);
        judge(answer, request);
        if (answer.value("content-type").startsWith("text/event-stream")) {
            return true;
        }
        boolean ends = answer.ends()
                || (request.version().equals("HTTP/1.0")
                        && !answer.value("connection").equalsIgnoreCase("keep-alive"));
        if (ends && in.read() >= 0) {
            throw new Wrong("more came after the last answer, " + answer.status);
        }
        return ends;
    }

    /** Of a request whose end nobody can tell: what comes back is answers, and an end. */
    private static void readToTheEnd(InputStream in, FuzzedRequest request, IntConsumer statuses)
            throws IOException, Wrong {
        while (true) {
            in.mark(1);
            int next = in.read();
            if (next < 0) {
                return;
            }
            in.reset();
            if (next != 'H') {
                if (!request.text().startsWith("PRI ")) {
                    throw new Wrong("something that is not HTTP/1 came back, beginning with " + next);
                }
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            Answer answer = read(in, request);
            statuses.accept(answer.status);
            if (answer.status == 101) {
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            judge(answer, request);
            if (answer.value("content-type").startsWith("text/event-stream")) {
                return;
            }
        }
    }

    private static Answer read(InputStream in, FuzzedRequest request) throws IOException, Wrong {
        String line = line(in);
        var status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            throw new Wrong("no status line: " + line);
        }
        int code = Integer.parseInt(status.group(2));
        Map<String, List<String>> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon <= 0) {
                throw new Wrong("a header without a name: " + header);
            }
            headers.computeIfAbsent(header.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.substring(colon + 1).strip());
        }
        if (code == 100) {
            return read(in, request);
        }
        boolean bare = status.group(1).equals("0");
        boolean bodiless = bare
                || code == 101
                || code == 204
                || code == 304
                || request.method().equals("HEAD");
        Answer answer = new Answer(bare, code, headers, "");
        if (bodiless || answer.value("content-type").startsWith("text/event-stream")) {
            return answer;
        }
        return new Answer(false, code, headers, new String(body(in, answer, request), StandardCharsets.ISO_8859_1));
    }

    private static byte[] body(InputStream in, Answer answer, FuzzedRequest request) throws IOException, Wrong {
        List<String> lengths = answer.headers.getOrDefault("content-length", List.of());
        boolean chunked = answer.headers.containsKey("transfer-encoding");
        if (lengths.size() + (chunked ? 1 : 0) > 1) {
            throw new Wrong("the end of the body is told twice: " + answer.headers);
        }
        if (lengths.size() == 1) {
            int length = Integer.parseInt(lengths.getFirst());
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("within a body");
            }
            return body;
        }
        if (!chunked) {
            if (!answer.ends() && !request.version().equals("HTTP/1.0")) {
                throw new Wrong("nobody can tell where the body ends: " + answer.headers);
            }
            return in.readAllBytes();
        }
        var body = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in), 16);
            byte[] chunk = in.readNBytes(length);
            body.writeBytes(chunk);
            if (chunk.length < length || !line(in).isEmpty()) {
                throw new Wrong("a chunk of " + length + " bytes is not what it says");
            }
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException, Wrong {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended " + (line.size() == 0 ? "before" : "within") + " a line");
            }
            if (line.size() > MAX_LINE) {
                throw new Wrong("a line without an end");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new Wrong("a line does not end as lines do: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    private static void judge(Answer answer, FuzzedRequest request) throws IOException, Wrong {
        String all = answer.status + " " + answer.headers;
        if (answer.bare) {
            if (!List.of(400, 414, 431).contains(answer.status)
                    || !answer.headers.equals(Map.of("connection", List.of("close")))) {
                throw new Wrong("not a bare refusal: " + all);
            }
            return;
        }
        byte[] body = bytes(answer.body);
        if (answer.value("content-encoding").equals("gzip") && body.length > 0) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        for (String name : List.of("electric-server", "x-request-id", "date")) {
            if (answer.headers.getOrDefault(name, List.of()).size() != 1) {
                throw new Wrong("not one " + name + ": " + all);
            }
        }
        if (answer.headers.containsKey("x-injected")) {
            throw new Wrong("a header of the client's making: " + all);
        }
        if (answer.status >= 500 && !(answer.status == 503 && isTooMany(answer, text, request))) {
            throw new Wrong("an error of the server: " + all + "\n" + text);
        }
        boolean readable = !answer.value("content-encoding").equals("zstd");
        if (answer.value("content-type").startsWith("application/json") && body.length > 0 && readable) {
            try {
                JSON.readTree(body);
            } catch (JacksonException malformed) {
                throw new Wrong("not JSON: " + all + "\n" + text + "\n" + malformed.getOriginalMessage());
            }
        }
    }

    private static boolean isTooMany(Answer answer, String text, FuzzedRequest request) {
        return answer.value("retry-after").matches("[0-9]+")
                && (request.method().equals("HEAD") || text.contains("\"concurrent_request_limit_exceeded\""));
    }
}
