package electric.sync.http;

import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Counts the answers to requests for shapes by their status. */
final class AnsweredRequests {
    private static final int HIGHEST = 599;

    private final Meter meter;

    /** Threads that race to fill a place put the same counter there. */
    private final @Nullable Counter[] byStatus = new @Nullable Counter[HIGHEST + 1];

    AnsweredRequests(Meter meter) {
        this.meter = meter;
        of(HttpResponseStatus.OK);
    }

    void count(Route route, HttpResponseStatus status) {
        if (route == Route.READ_SHAPE) {
            of(status).increment();
        }
    }

    private Counter of(HttpResponseStatus status) {
        Counter counter = byStatus[status.code()];
        if (counter == null) {
            counter = meter.counter(Metric.REQUESTS, Integer.toString(status.code()));
            byStatus[status.code()] = counter;
        }
        return counter;
    }
}
