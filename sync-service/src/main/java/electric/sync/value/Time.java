package electric.sync.value;

import org.jspecify.annotations.Nullable;

/** time: microseconds since midnight, 24:00 included. */
public final class Time {
    private static final String TYPE = "time";

    private Time() {}

    /** Of Postgres's output. */
    public static long parse(byte[] bytes, int from, int length) {
        return IsoText.micros(bytes, from, from + length, TYPE);
    }

    public static long input(String literal) {
        return DateTimeLiteral.readTime(literal, TYPE).micros();
    }

    /** {@code make_time}. */
    public static long of(int hour, int minute, double second) {
        double micros = Math.rint(second * Calendar.MICROS_PER_SECOND);
        // NaN is not within the minute.
        boolean inRange = hour >= 0
                && hour <= 24
                && minute >= 0
                && minute <= 59
                && micros >= 0
                && micros <= Calendar.MICROS_PER_MINUTE;
        long time =
                inRange ? hour * Calendar.MICROS_PER_HOUR + minute * Calendar.MICROS_PER_MINUTE + (long) micros : -1;
        if (time < 0 || time > Calendar.MICROS_PER_DAY) {
            throw InvalidValue.of("22008", "time field value out of range");
        }
        return time;
    }

    public static String print(long time) {
        StringBuilder text = new StringBuilder(15);
        IsoText.appendTime(text, time);
        return text.toString();
    }

    /** Only the interval's time counts, and the clock goes round; as Postgres, also where the sum overflows. */
    public static long add(long time, Interval interval) {
        refuseInfinite(interval, "add", "to");
        return Math.floorMod(time + interval.micros(), Calendar.MICROS_PER_DAY);
    }

    public static long subtract(long time, Interval interval) {
        refuseInfinite(interval, "subtract", "from");
        return Math.floorMod(time - interval.micros(), Calendar.MICROS_PER_DAY);
    }

    private static void refuseInfinite(Interval interval, String verb, String preposition) {
        if (!interval.isFinite()) {
            throw InvalidValue.of("22008", "cannot " + verb + " infinite interval " + preposition + " time");
        }
    }

    public static Interval between(long time, long earlier) {
        return new Interval(0, 0, time - earlier);
    }

    public static Interval toInterval(long time) {
        return new Interval(0, 0, time);
    }

    /** As a cast to {@code time(digits)}: halves up. */
    public static long round(long time, int digits) {
        return Timestamp.roundMicros(time, digits);
    }

    /** The time of day; none of an infinity. */
    public static @Nullable Long from(long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            return null;
        }
        return Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
    }

    public static long from(Interval interval) {
        if (!interval.isFinite()) {
            throw InvalidValue.of("22008", "cannot convert infinite interval to time");
        }
        if (interval.micros() < Long.MIN_VALUE + Calendar.MICROS_PER_DAY) {
            throw new NotExact("the longest time back, with which versions of Postgres before 17 overflow");
        }
        return Math.floorMod(interval.micros(), Calendar.MICROS_PER_DAY);
    }
}
