package electric.sync.meter;

import java.util.concurrent.atomic.LongAdder;

/** Only grows. Any thread may add: they do not meet. */
public final class Counter {
    private final LongAdder count = new LongAdder();

    Counter() {}

    public void increment() {
        count.increment();
    }

    public void add(long more) {
        count.add(more);
    }

    public long count() {
        return count.sum();
    }
}
