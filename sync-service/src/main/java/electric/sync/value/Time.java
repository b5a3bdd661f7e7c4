package electric.sync.value;

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

    /** The time of day. */
    public static long from(long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            throw new NotExact("the time of day of infinity is NULL");
        }
        return Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
    }

    public static long from(Interval interval) {
        if (!interval.isFinite()) {
            throw InvalidValue.of("22008", "cannot convert infinite interval to time");
        }
        return Math.floorMod(interval.micros(), Calendar.MICROS_PER_DAY);
    }
}
