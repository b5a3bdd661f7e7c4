package electric.sync.http;

import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many requests for shapes may be under way at once, counted by what they are likely to cost. */
final class Admission {
    enum Kind {
        /** May have to make a shape. */
        INITIAL("initial"),
        /** Follows a shape that exists. */
        EXISTING("existing");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private final int maxInitial;
    private final int maxExisting;
    private final AtomicInteger initial = new AtomicInteger();
    private final AtomicInteger existing = new AtomicInteger();
    private final Counter initialRejected;
    private final Counter existingRejected;

    Admission(int maxInitial, int maxExisting, Meter meter) {
        this.maxInitial = maxInitial;
        this.maxExisting = maxExisting;
        this.initialRejected = meter.counter(Metric.REJECTED, Kind.INITIAL.word);
        this.existingRejected = meter.counter(Metric.REJECTED, Kind.EXISTING.word);
        for (Kind kind : Kind.values()) {
            meter.shows(Metric.ADMITTED, kind.word, () -> admitted(kind));
        }
    }

    /** Leave to go on; {@code null} when there are too many already. */
    @Nullable
    Permit admit(Kind kind) {
        if (take(kind)) {
            return new Permit(kind);
        }
        switch (kind) {
            case INITIAL -> initialRejected.increment();
            case EXISTING -> existingRejected.increment();
        }
        return null;
    }

    int limit(Kind kind) {
        return switch (kind) {
            case INITIAL -> maxInitial;
            case EXISTING -> maxExisting;
        };
    }

    /** How many are under way. */
    int admitted(Kind kind) {
        return counter(kind).get();
    }

    private boolean take(Kind kind) {
        AtomicInteger counter = counter(kind);
        if (counter.incrementAndGet() <= limit(kind)) {
            return true;
        }
        counter.decrementAndGet();
        return false;
    }

    private AtomicInteger counter(Kind kind) {
        return switch (kind) {
            case INITIAL -> initial;
            case EXISTING -> existing;
        };
    }

    /** Belongs to one request, used on its event loop. */
    final class Permit {
        private Kind kind;
        private boolean released;

        private Permit(Kind kind) {
            this.kind = kind;
        }

        /** The shape exists now: makes room for another new one, if there is room among the others. */
        void shapeExists() {
            if (!released && kind == Kind.INITIAL && take(Kind.EXISTING)) {
                initial.decrementAndGet();
                kind = Kind.EXISTING;
            }
        }

        void release() {
            if (!released) {
                released = true;
                counter(kind).decrementAndGet();
            }
        }
    }
}
