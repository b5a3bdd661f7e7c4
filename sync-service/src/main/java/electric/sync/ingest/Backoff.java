package electric.sync.ingest;

import java.time.Duration;

/**
 * How long to wait before the next attempt. It outlives restarts of the connection and begins anew only once a stream
 * proved stable: a stream that is refused right after its start must not be tried for ever at full speed.
 */
final class Backoff {
    private static final int[] UNITS = {2, 4, 8, 10};

    private final Duration unit;
    private int failures;

    Backoff(Duration unit) {
        this.unit = unit;
    }

    /** A step on the way to the stream failed. */
    Duration afterFailedStep() {
        failures = Math.max(failures, 1);
        return next();
    }

    /** The running stream ended. The first time there is no reason to wait. */
    Duration afterLostStream() {
        return next();
    }

    void stable() {
        failures = 0;
    }

    private Duration next() {
        int before = failures;
        failures = Math.min(failures + 1, UNITS.length);
        return before == 0 ? Duration.ZERO : unit.multipliedBy(UNITS[before - 1]);
    }
}
