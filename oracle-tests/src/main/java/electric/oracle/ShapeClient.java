package electric.oracle;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.SnapshotEnd;
import electric.oracle.LogItem.SnapshotRow;
import electric.oracle.LogItem.UpToDate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client that follows one shape and believes nothing: every answer is judged as it arrives, and a {@link Violation} says
 * what was wrong and what was asked before.
 *
 * <pre>
 *   -1 ──► reading the snapshot ──snapshot-end──► catching up ──up-to-date──► live
 *   ▲                                                                          │
 *   └───────────────────────── 409 from anywhere ◄─────────────────────────────┘
 * </pre>
 */
public final class ShapeClient {
    /** Longer than any wait the server allows itself. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(90);

    private static final int REMEMBERED = 8;

    private final HttpClient http;
    private final String url;
    private final ShapeDefinition definition;
    private final Consumer<LogItem> witness;
    private final Deque<Exchange> exchanges = new ArrayDeque<>();

    private ShapeRequest next = ShapeRequest.initial();
    private @Nullable View view;
    private @Nullable ChangeOrder order;
    private int refetches;
    private boolean asksTwice;

    /** @param witness told every item that was found right, in order */
    public ShapeClient(HttpClient http, String url, ShapeDefinition definition, Consumer<LogItem> witness) {
        this.http = http;
        this.url = url;
        this.definition = definition;
        this.witness = witness;
    }

    public ShapeDefinition definition() {
        return definition;
    }

    /** How often the server said that the handle is no more. */
    public int refetches() {
        return refetches;
    }

    public Optional<String> handle() {
        return next.handle();
    }

    public Offset offset() {
        return next.offset();
    }

    public View view() {
        View present = view;
        if (present == null) {
            throw new IllegalStateException("Nothing has been answered yet");
        }
        return present;
    }

    Map<String, Map<String, @Nullable String>> rows() {
        return view().rows();
    }

    /** What the rows of the snapshot had seen. */
    public Boundary snapshot() {
        return afterSnapshot().snapshot();
    }

    /** Everything there is now, without waiting for more. */
    ShapeClient catchUp() {
        beLate();
        ShapeResponse response;
        do {
            response = step();
        } while (!(response instanceof ShapeResponse.Log log && log.upToDate()));
        return this;
    }

    /** The next request asks for what is there, without waiting for more. */
    public void beLate() {
        next = new ShapeRequest(next.offset(), next.handle(), false, "");
    }

    /** Whether every request is sent twice and the first answer thrown away, as one that was lost. */
    public void askTwice(boolean twice) {
        asksTwice = twice;
    }

    /** Whether it has been up to date and waits for more. */
    public boolean isLive() {
        return next.live();
    }

    /** Everything of transactions up to this position has been told, the server says; -1 before it has said anything. */
    public long claimedLsn() {
        ChangeOrder begun = order;
        return begun == null ? -1 : begun.claimedLsn();
    }

    /** The last requests and their answers, oldest first. */
    public List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Follows until the view is as wanted at an end of the log, for so long at most. */
    ShapeClient followUntil(Predicate<View> wanted, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean upToDate = next.live();
        while (!upToDate || !wanted.test(view())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not seen within " + limit + ": " + this);
            }
            upToDate = step() instanceof ShapeResponse.Log log && log.upToDate();
        }
        return this;
    }

    /**
     * Follows by server-sent events from the end of the log on. Nothing where the shape is gone, which the next request will
     * hear too. Until the feed is closed, it alone uses this client.
     */
    public Optional<EventFeed> listen() throws InterruptedException {
        ShapeRequest from = next;
        String query = definition.query(Map.of(
                "offset", from.offset().toString(),
                "handle", from.handle().orElseThrow(),
                "live", "true",
                "live_sse", "true",
                "cursor", from.cursor()));
        HttpResponse<InputStream> answer;
        try {
            answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "?" + query))
                            .header("accept", "text/event-stream")
                            .timeout(ANSWER_LIMIT)
                            .build(),
                    BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                return Optional.empty();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("No answer to " + query + ": " + failed, failed);
        }
        HttpHeaders headers = answer.headers();
        Violation.unless(
                headers.firstValue("content-type").orElse("").equals("text/event-stream"),
                "events of another type: " + headers.map());
        Violation.unless(headers.firstValue("electric-handle").equals(from.handle()), "events of another handle");
        return Optional.of(new EventFeed(answer.body(), this::takeEvent));
    }

    private void takeEvent(LogItem item) {
        switch (item) {
            case Change change -> {
                take(view(), item);
                next = new ShapeRequest(change.offset(), next.handle(), false, "");
            }
            case UpToDate end -> {
                Violation.unless(
                        end.globalLastSeenLsn() == next.offset().tx(),
                        "events are up to date at " + end.globalLastSeenLsn() + ", the last was at " + next.offset());
                take(view(), item);
            }
            case SnapshotRow row -> throw new Violation("an event with a row of a snapshot: " + row.key());
            case SnapshotEnd end -> throw new Violation("an event that ends a snapshot");
        }
        witness.accept(item);
    }

    /** One request and its answer. */
    public ShapeResponse step() {
        ShapeRequest request = next;
        String query = request.query(definition);
        try {
            if (asksTwice) {
                ask(query);
            }
            ShapeResponse response = ShapeResponse.read(request, ask(query));
            switch (response) {
                case ShapeResponse.Log log -> take(request, log);
                case ShapeResponse.MustRefetch gone -> restart(gone);
            }
            return response;
        } catch (Violation.Unavailable later) {
            throw later;
        } catch (Violation violation) {
            throw new Violation(violation.getMessage() + "\n  " + this);
        }
    }

    private void restart(ShapeResponse.MustRefetch gone) {
        refetches++;
        view = null;
        order = null;
        next = new ShapeRequest(Offset.BEFORE_ALL, gone.handle(), false, "");
    }

    private void take(ShapeRequest request, ShapeResponse.Log log) {
        boolean begins = request.offset().equals(Offset.BEFORE_ALL);
        Violation.unless(
                begins || request.handle().equals(Optional.of(log.handle())), "another handle: " + log.handle());
        View present = view;
        if (present == null) {
            Schema schema = log.schema().orElseThrow(() -> new Violation("no schema with the first answer"));
            view = present = new View(definition, schema);
        }
        for (LogItem item : log.items()) {
            take(present, item);
            witness.accept(item);
        }
        next = new ShapeRequest(log.offset(), Optional.of(log.handle()), log.upToDate(), log.cursor());
    }

    private void take(View present, LogItem item) {
        switch (item) {
            case SnapshotRow row -> {
                Violation.unless(order == null, "a snapshot row after the end of the snapshot: " + row.key());
                present.apply(row);
            }
            case SnapshotEnd end -> {
                Violation.unless(order == null, "the snapshot ends twice");
                order = new ChangeOrder(end.boundary());
            }
            case Change change -> {
                afterSnapshot().next(change);
                present.apply(change);
            }
            case UpToDate upToDate -> afterSnapshot().upToDate(upToDate.globalLastSeenLsn());
        }
    }

    private ChangeOrder afterSnapshot() {
        ChangeOrder begun = order;
        if (begun == null) {
            throw new Violation("the snapshot has not ended yet");
        }
        return begun;
    }

    private HttpResponse<byte[]> ask(String query) {
        if (exchanges.size() == REMEMBERED) {
            exchanges.removeFirst();
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "?" + query))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            exchanges.addLast(new Exchange(query, Optional.of(answer)));
            return answer;
        } catch (IOException failed) {
            exchanges.addLast(new Exchange(query, Optional.empty()));
            throw new UncheckedIOException("No answer to " + query + ": " + failed, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking " + query, interrupted);
        }
    }

    @Override
    public String toString() {
        return definition + " at " + next.offset() + ", asked before: "
                + exchanges.stream().map(Exchange::query).collect(Collectors.joining("\n    "));
    }
}
