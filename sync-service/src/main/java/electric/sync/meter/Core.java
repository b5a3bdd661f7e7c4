package electric.sync.meter;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How busy one processor, or all of them together, was between two looks at the system's counters. Threads: any. */
final class Core {
    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISKS = 4;

    /** Beyond it times of guest systems are told again. */
    private static final int COUNTERS = 8;

    private final String name;
    private long busy;
    private long all;
    private double percent;

    private Core(String name) {
        this.name = name;
    }

    /** @param statistics the lines of {@code /proc/stat} */
    static List<Core> all(List<String> statistics) {
        return statistics.stream()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.matches("cpu[0-9]+"))
                .map(Core::new)
                .peek(core -> core.percentBusy(statistics))
                .toList();
    }

    static Core together(List<String> statistics) {
        Core sum = new Core("cpu");
        sum.percentBusy(statistics);
        return sum;
    }

    int number() {
        return Integer.parseInt(name.substring("cpu".length()));
    }

    /** Since the last time; since the system started when asked for the first. NaN when the core is switched off. */
    synchronized double percentBusy(List<String> statistics) {
        return statistics.stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(this::percentBusy)
                .orElse(Double.NaN);
    }

    private double percentBusy(String line) {
        long[] times = Arrays.stream(line.split(" +", -1))
                .skip(1)
                .limit(COUNTERS)
                .mapToLong(Long::parseLong)
                .toArray();
        long allNow = Arrays.stream(times).sum();
        long busyNow = IntStream.range(0, times.length)
                .filter(i -> i != IDLE && i != WAITING_FOR_DISKS)
                .mapToLong(i -> times[i])
                .sum();
        if (allNow > all) {
            percent = Math.clamp(100.0 * (busyNow - busy) / (allNow - all), 0, 100);
            busy = busyNow;
            all = allNow;
        }
        return percent;
    }
}
