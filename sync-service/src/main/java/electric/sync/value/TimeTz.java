package electric.sync.value;

/**
 * timetz: a time of day and an offset from UTC, in seconds east of it. Ordered by the instant, then the westernmost last.
 */
public record TimeTz(long micros, int offset) implements Comparable<TimeTz> {
    private static final String TYPE = "time with time zone";

    /** Of Postgres's output. */
    public static TimeTz parse(byte[] bytes, int from, int length) {
        int end = from + length;
        int sign = end - 3;
        while (sign > from && bytes[sign] != '+' && bytes[sign] != '-') {
            sign--;
        }
        // An absurd zone of Postgres's literals may be more than 99 hours off.
        int hoursEnd = sign + 1;
        while (hoursEnd < end && bytes[hoursEnd] != ':') {
            hoursEnd++;
        }
        if (sign <= from || hoursEnd - sign < 3 || hoursEnd - sign > 4 || (end - hoursEnd) % 3 != 0) {
            throw Output.unreadable(TYPE);
        }
        int offset = IsoText.number(bytes, sign + 1, hoursEnd, TYPE) * 3600;
        int unit = 60;
        for (int at = hoursEnd; at < end; at += 3) {
            offset += IsoText.two(bytes, at + 1, TYPE) * unit;
            unit /= 60;
        }
        return new TimeTz(IsoText.micros(bytes, from, sign, TYPE), bytes[sign] == '-' ? -offset : offset);
    }

    public static TimeTz input(String literal) {
        DateTimeLiteral read = DateTimeLiteral.readTime(literal, TYPE);
        return new TimeTz(read.micros(), read.offsetOrUtc());
    }

    public String print() {
        StringBuilder text = new StringBuilder(24);
        IsoText.appendTime(text, micros);
        text.append(offset < 0 ? '-' : '+');
        int size = Math.abs(offset);
        IsoText.appendTwo(text, size / 3600);
        if (size % 3600 != 0) {
            IsoText.appendTwo(text.append(':'), size / 60 % 60);
        }
        if (size % 60 != 0) {
            IsoText.appendTwo(text.append(':'), size % 60);
        }
        return text.toString();
    }

    @Override
    public int compareTo(TimeTz other) {
        int instants = Long.compare(utc(), other.utc());
        return instants != 0 ? instants : Integer.compare(other.offset, offset);
    }

    long utc() {
        return micros - offset * Calendar.MICROS_PER_SECOND;
    }

    public TimeTz add(Interval interval) {
        return new TimeTz(Time.add(micros, interval), offset);
    }

    public TimeTz subtract(Interval interval) {
        return new TimeTz(Time.subtract(micros, interval), offset);
    }

    /** In the session's zone, which is UTC. */
    public static TimeTz from(long time) {
        return new TimeTz(time, 0);
    }

    /** {@code timezone(zone, timetz)}. */
    public TimeTz inZone(int newOffset) {
        long moved = micros + (newOffset - offset) * Calendar.MICROS_PER_SECOND;
        return new TimeTz(Math.floorMod(moved, Calendar.MICROS_PER_DAY), newOffset);
    }

    public TimeTz round(int digits) {
        return new TimeTz(Time.round(micros, digits), offset);
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "TimeTz";
    }
}
