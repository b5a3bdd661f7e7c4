package electric.sync.meter;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * How much processor time threads of one name have used, whatever number follows it. That of those that have ended stays
 * counted as it was seen last.
 */
final class ThreadTimes {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final String name;
    private final Map<Long, Long> living = new HashMap<>();
    private long endedNanos;

    ThreadTimes(String name) {
        this.name = name;
    }

    synchronized double seconds() {
        Map<Long, Long> now = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            // One that has ended in between is null.
            if (thread != null
                    && thread.getThreadName().replaceFirst("(-\\d+)+$", "").equals(name)) {
                long nanos = threads.getThreadCpuTime(thread.getThreadId());
                if (nanos >= 0) {
                    now.put(thread.getThreadId(), nanos);
                }
            }
        }
        living.forEach((id, nanos) -> endedNanos += now.containsKey(id) ? 0 : nanos);
        living.clear();
        living.putAll(now);
        return (endedNanos + living.values().stream().mapToLong(Long::longValue).sum()) / 1e9;
    }
}
