package electric.sync.value;

import java.util.Arrays;

/**
 * What the clocks of a zone showed in a span of time, as the server said. A time that a change skips counts by the clocks
 * before it, one that occurs twice by those after it.
 */
public final class ObservedZone implements TimeZones.Zone {
    private final long from;
    private final long to;
    private final long[] changes;
    private final int[] offsets;

    /**
     * @param from in seconds since 1970
     * @param to in seconds since 1970, not included
     * @param changes in seconds since 1970, ascending: at each begins the next offset
     * @param offsets in seconds east, one more than changes
     */
    public ObservedZone(long from, long to, long[] changes, int[] offsets) {
        this.from = from;
        this.to = to;
        this.changes = changes.clone();
        this.offsets = offsets.clone();
    }

    @Override
    public int offsetAt(long instant) {
        return offsets[changesUntil(seconds(instant))];
    }

    /** Looks for a change after the day before, as Postgres does. */
    @Override
    public int offsetOfLocal(long local) {
        long shown = seconds(local);
        int next = changesUntil(shown - 86_400);
        int before = offsets[next];
        if (next == changes.length) {
            return before;
        }
        int after = offsets[next + 1];
        boolean beforeIt = shown - before < changes[next];
        boolean afterIt = shown - after >= changes[next];
        if (beforeIt != afterIt) {
            return afterIt ? after : before;
        }
        return after > before ? before : after;
    }

    private int changesUntil(long second) {
        int place = Arrays.binarySearch(changes, second);
        return place >= 0 ? place + 1 : -place - 1;
    }

    private long seconds(long micros) {
        long second = Math.floorDiv(micros, Calendar.MICROS_PER_SECOND) - Calendar.EPOCH_DAY * 86_400L;
        if (second < from + 2 * 86_400 || second >= to - 2 * 86_400) {
            throw new NotExact("a time zone's clocks so long ago, or so far ahead");
        }
        return second;
    }
}
