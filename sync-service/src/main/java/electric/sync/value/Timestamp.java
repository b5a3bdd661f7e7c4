package electric.sync.value;

/**
 * timestamp and timestamptz: microseconds since 2000-01-01 00:00, with the two infinities at the ends of {@code long}. A
 * timestamptz counts in UTC, which is the session's zone too: nothing else tells the two apart.
 */
public final class Timestamp {
    public static final long INFINITY = Long.MAX_VALUE;
    public static final long MINUS_INFINITY = Long.MIN_VALUE;

    static final long LAST_DAY = Calendar.days(294_276, 12, 31);
    private static final long FIRST = Date.FIRST * Calendar.MICROS_PER_DAY;
    private static final long END = (LAST_DAY + 1) * Calendar.MICROS_PER_DAY;
    private static final String TYPE = "timestamp";
    private static final String TYPE_TZ = "timestamp with time zone";

    private Timestamp() {}

    /** Of Postgres's output of a timestamp. */
    public static long parse(byte[] bytes, int from, int length) {
        if (IsoText.isInfinity(bytes, from, length)) {
            return INFINITY;
        }
        if (IsoText.isMinusInfinity(bytes, from, length)) {
            return MINUS_INFINITY;
        }
        boolean bc = IsoText.endsInBc(bytes, from, length);
        return finite(bytes, from, from + length - (bc ? 3 : 0), bc);
    }

    /** Of Postgres's output of a timestamptz in a session whose zone is UTC. */
    public static long parseTz(byte[] bytes, int from, int length) {
        if (IsoText.isInfinity(bytes, from, length)) {
            return INFINITY;
        }
        if (IsoText.isMinusInfinity(bytes, from, length)) {
            return MINUS_INFINITY;
        }
        boolean bc = IsoText.endsInBc(bytes, from, length);
        int end = from + length - (bc ? 6 : 3);
        if (end < from || bytes[end] != '+' || bytes[end + 1] != '0' || bytes[end + 2] != '0') {
            throw Output.unreadable(TYPE_TZ);
        }
        return finite(bytes, from, end, bc);
    }

    private static long finite(byte[] bytes, int from, int end, boolean bc) {
        int space = from;
        while (space < end && bytes[space] != ' ') {
            space++;
        }
        if (space == end) {
            throw Output.unreadable(TYPE);
        }
        return IsoText.days(bytes, from, space, bc, TYPE) * Calendar.MICROS_PER_DAY
                + IsoText.micros(bytes, space + 1, end, TYPE);
    }

    public static long input(String literal) {
        return input(literal, TYPE, false);
    }

    public static long inputTz(String literal) {
        return input(literal, TYPE_TZ, true);
    }

    private static long input(String literal, String type, boolean withOffset) {
        DateTimeLiteral read = DateTimeLiteral.read(literal, type);
        return switch (read.special()) {
            case INFINITY -> INFINITY;
            case MINUS_INFINITY -> MINUS_INFINITY;
            case EPOCH -> Calendar.EPOCH_DAY * Calendar.MICROS_PER_DAY;
            case NONE -> {
                // A year may be so large that its microseconds overflow. The month of the first day counts whole.
                if (read.days() < Calendar.days(-4713, 11, 1) || read.days() > LAST_DAY + 2) {
                    throw InvalidValue.dateTimeOutOfRange("timestamp", literal);
                }
                long local = read.days() * Calendar.MICROS_PER_DAY + read.micros();
                long value = withOffset ? local - read.offsetOrUtc() * Calendar.MICROS_PER_SECOND : local;
                if (!isTimestamp(value)) {
                    throw InvalidValue.dateTimeOutOfRange("timestamp", literal);
                }
                yield value;
            }
        };
    }

    private static boolean isTimestamp(long micros) {
        return micros >= FIRST && micros < END;
    }

    public static boolean isFinite(long timestamp) {
        return timestamp != INFINITY && timestamp != MINUS_INFINITY;
    }

    public static String print(long timestamp) {
        return print(timestamp, "");
    }

    public static String printTz(long timestamp) {
        return print(timestamp, "+00");
    }

    private static String print(long timestamp, String offset) {
        if (!isFinite(timestamp)) {
            return timestamp == INFINITY ? "infinity" : "-infinity";
        }
        long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
        StringBuilder text = new StringBuilder(32);
        IsoText.appendDate(text, days);
        IsoText.appendTime(text.append(' '), Math.floorMod(timestamp, Calendar.MICROS_PER_DAY));
        text.append(offset);
        IsoText.appendBc(text, days);
        return text.toString();
    }

    /** Months first, kept inside the month they lead to; then days; then the time. */
    public static long add(long timestamp, Interval interval) {
        if (!interval.isFinite()) {
            long sum = interval.months() > 0 ? INFINITY : MINUS_INFINITY;
            if (!isFinite(timestamp) && timestamp != sum) {
                throw InvalidValue.dateTimeOutOfRange("timestamp");
            }
            return sum;
        }
        if (!isFinite(timestamp)) {
            return timestamp;
        }
        long moved = checked(addMonths(timestamp, interval.months()));
        long days = Math.floorDiv(moved, Calendar.MICROS_PER_DAY) + interval.days();
        if (Math.abs(days) > LAST_DAY) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        moved = checked(moved + interval.days() * Calendar.MICROS_PER_DAY);
        long sum = moved + interval.micros();
        if (((moved ^ sum) & (interval.micros() ^ sum)) < 0) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        return checked(sum);
    }

    private static long addMonths(long timestamp, int months) {
        if (months == 0) {
            return timestamp;
        }
        long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
        long month = Calendar.year(days) * 12L + Calendar.month(days) - 1 + months;
        long year = Math.floorDiv(month, 12L);
        if (year < -4713 || year > 294_276) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        int monthOfYear = Math.floorMod(month, 12) + 1;
        int day = Math.min(Calendar.day(days), Calendar.daysOfMonth((int) year, monthOfYear));
        return Calendar.days((int) year, monthOfYear, day) * Calendar.MICROS_PER_DAY
                + Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
    }

    private static long checked(long timestamp) {
        if (!isTimestamp(timestamp)) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        return timestamp;
    }

    public static long subtract(long timestamp, Interval interval) {
        return add(timestamp, interval.negate());
    }

    /** In days and time, never months. */
    public static Interval between(long timestamp, long earlier) {
        if (!isFinite(timestamp) || !isFinite(earlier)) {
            throw new NotExact("the difference to an infinite timestamp depends on the server's version");
        }
        long micros = timestamp - earlier;
        if (((timestamp ^ earlier) & (timestamp ^ micros)) < 0) {
            throw InvalidValue.dateTimeOutOfRange("interval");
        }
        return new Interval(0, 0, micros).justifyHours();
    }

    /** Midnight. */
    static long ofDays(long days) {
        if (Math.abs(days) > LAST_DAY) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        return checked(days * Calendar.MICROS_PER_DAY);
    }

    /** {@code date + time}. */
    public static long of(int date, long time) {
        long midnight = Date.toTimestamp(date);
        return isFinite(midnight) ? checked(midnight + time) : midnight;
    }

    /** {@code date + timetz}. */
    public static long of(int date, TimeTz time) {
        long midnight = Date.toTimestamp(date);
        return isFinite(midnight) ? checked(midnight + time.utc()) : midnight;
    }

    /** {@code to_timestamp}. */
    public static long ofUnixSeconds(double seconds) {
        if (Double.isNaN(seconds)) {
            throw InvalidValue.of("22008", "timestamp cannot be NaN");
        }
        if (Double.isInfinite(seconds)) {
            return seconds > 0 ? INFINITY : MINUS_INFINITY;
        }
        double since2000 = seconds + Calendar.EPOCH_DAY * 86_400.0;
        double micros = Math.rint(since2000 * Calendar.MICROS_PER_SECOND);
        if (!(micros >= FIRST && micros < END)) {
            throw InvalidValue.dateTimeOutOfRange("timestamp");
        }
        return (long) micros;
    }

    /** {@code date_bin}: the beginning of the stride that a timestamp is in. */
    public static long bin(Interval stride, long timestamp, long origin) {
        if (!isFinite(timestamp)) {
            return timestamp;
        }
        if (!isFinite(origin) || !stride.isFinite()) {
            throw new NotExact("binning by infinity depends on the server's version");
        }
        if (stride.months() != 0) {
            throw InvalidValue.of("0A000", "timestamps cannot be binned into intervals containing months or years");
        }
        long days = stride.days() * Calendar.MICROS_PER_DAY;
        long micros = days + stride.micros();
        long difference = timestamp - origin;
        if (((days ^ micros) & (stride.micros() ^ micros)) < 0
                || ((timestamp ^ origin) & (timestamp ^ difference)) < 0
                || Math.abs(stride.days()) > 100_000_000) {
            throw InvalidValue.dateTimeOutOfRange("interval");
        }
        if (micros <= 0) {
            throw InvalidValue.of("22008", "stride must be greater than zero");
        }
        if (difference < 0 && difference % micros == 0 && micros > 1) {
            throw new NotExact("a stride before its origin begins differently in some versions of Postgres");
        }
        return checked(origin + Math.floorDiv(difference, micros) * micros);
    }

    /** As a cast to {@code timestamp(digits)}: halves away from 2000-01-01. */
    public static long round(long timestamp, int digits) {
        if (!isFinite(timestamp)) {
            return timestamp;
        }
        long rounded = roundMicros(timestamp, digits);
        if (!isTimestamp(rounded)) {
            throw new NotExact("a timestamp after the last, which Postgres does not notice");
        }
        return rounded;
    }

    static long roundMicros(long micros, int digits) {
        long unit = 1;
        for (int i = Math.clamp(digits, 0, 6); i < 6; i++) {
            unit *= 10;
        }
        long half = unit / 2;
        return micros >= 0 ? (micros + half) / unit * unit : -((half - micros) / unit * unit);
    }

    /** {@code timezone(zone, timestamp)}: the instant at which clocks in the zone show this. */
    public static long atZone(long local, TimeZones.Zone zone) {
        if (!isFinite(local)) {
            return local;
        }
        return checked(local - zone.offsetOfLocal(local) * Calendar.MICROS_PER_SECOND);
    }

    /** {@code timezone(zone, timestamptz)}: what clocks in the zone show at this instant. */
    public static long inZone(long instant, TimeZones.Zone zone) {
        if (!isFinite(instant)) {
            return instant;
        }
        return checked(instant + zone.offsetAt(instant) * Calendar.MICROS_PER_SECOND);
    }
}
