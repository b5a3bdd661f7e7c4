package electric.sync.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to one answer. Holds what must be given back when it ends, however it ends: the permit, and
 * whatever waits for an answer on its behalf. Used on its event loop only.
 */
// The future of a step is the answer it leads to.
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final HexFormat HEX = HexFormat.of();

    private final Connection connection;
    private final Replies replies;
    private final AnsweredRequests counted;
    private final RequestHead request;
    private @Nullable String requestId;
    private String cursor = "";
    private final long began = System.nanoTime();

    private Admission.@Nullable Permit permit;
    private @Nullable Runnable abandon;
    private @Nullable HttpResponseStatus answered;
    private boolean ended;

    Exchange(Connection connection, Replies replies, AnsweredRequests counted, RequestHead request) {
        this.connection = connection;
        this.replies = replies;
        this.counted = counted;
        this.request = request;
        this.requestId = request.requestId();
    }

    private static String generatedId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }

    RequestHead request() {
        return request;
    }

    /** The client's own, or one that is made when it is first asked for. */
    String requestId() {
        String id = requestId;
        if (id == null) {
            id = generatedId();
            requestId = id;
        }
        return id;
    }

    /** What the client sent as its cursor, which may be anything. */
    String cursor() {
        return cursor;
    }

    void sent(String itsCursor) {
        cursor = itsCursor;
    }

    EventLoop loop() {
        return connection.loop();
    }

    CompletableFuture<byte[]> requestBody() {
        return connection.requestBody();
    }

    void holds(Admission.Permit held) {
        permit = held;
    }

    void shapeExists() {
        if (permit != null) {
            permit.shapeExists();
        }
    }

    /** @param run when the client goes away before it has an answer */
    void abandonWith(Runnable run) {
        if (answered == null && !ended) {
            abandon = run;
        }
    }

    /**
     * Goes on when {@code future} is there, on our loop; not at all when the client has gone by then.
     *
     * @param failed gets the cause
     */
    <T> void then(CompletableFuture<T> future, Consumer<T> succeeded, Consumer<Throwable> failed) {
        if (future.isDone()) {
            goOn(future, succeeded, failed);
        } else {
            future.whenCompleteAsync((result, failure) -> goOn(future, succeeded, failed), loop());
        }
    }

    private <T> void goOn(CompletableFuture<T> done, Consumer<T> succeeded, Consumer<Throwable> failed) {
        if (ended) {
            return;
        }
        guard(() -> {
            if (done.isCompletedExceptionally()) {
                failed.accept(done.exceptionNow());
            } else {
                succeeded.accept(done.resultNow());
            }
        });
    }

    /** Runs a step; what nobody expected becomes an answer that tells nothing, and a log line that tells everything. */
    void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("request_id", requestId()).setCause(e).log("A request failed unexpectedly");
            if (answered == null) {
                reply(replies.failed(this));
            } else {
                connection.abort("failed while answering");
            }
        }
    }

    /** The one answer. */
    void reply(Reply reply) {
        if (ended || answered != null) {
            reply.discard();
            return;
        }
        answered = reply.status();
        counted.count(request.route(), reply.status());
        abandon = null;
        connection.send(reply);
    }

    /** Whether the client can be given the bytes of an answer as others get them. */
    boolean takesBytes() {
        return request.method().equals(HttpMethod.GET)
                && connection.takesBytes()
                && !AcceptEncoding.mayRefuseIdentity(request.codings());
    }

    /** The one answer, which others get too. */
    void reply(SharedAnswer shared, String origin, String cursor) {
        if (ended || answered != null) {
            return;
        }
        answered = HttpResponseStatus.OK;
        counted.count(request.route(), HttpResponseStatus.OK);
        abandon = null;
        connection.send(shared, requestId(), origin, cursor);
    }

    void replyBare(HttpResponseStatus status) {
        answered = status;
        counted.count(request.route(), status);
        connection.sendBare(status);
    }

    /** The answer is out, or nobody is there to take it. */
    void ended() {
        if (ended) {
            return;
        }
        ended = true;
        if (abandon != null) {
            abandon.run();
            abandon = null;
        }
        if (permit != null) {
            permit.release();
        }
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("request_id", requestId())
                    .log(
                            "{} {}: {} after {} ms",
                            request.method(),
                            // Logging takes the secrets out.
                            request.target(),
                            outcome(),
                            (System.nanoTime() - began) / 1_000_000);
        }
    }

    private String outcome() {
        return answered == null ? "abandoned by the client" : Integer.toString(answered.code());
    }
}
