package electric.sync.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much of the bodies of requests may be in memory while they arrive, all together. */
final class BodyMemory {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Whether there was room. */
    boolean take(int bytes) {
        if (usedBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    long usedBytes() {
        return usedBytes.get();
    }
}
