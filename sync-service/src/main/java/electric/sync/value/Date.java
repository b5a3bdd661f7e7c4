package electric.sync.value;

/** date: days since 2000-01-01, with the two infinities at the ends of {@code int}. */
public final class Date {
    public static final int INFINITY = Integer.MAX_VALUE;
    public static final int MINUS_INFINITY = Integer.MIN_VALUE;

    static final long FIRST = Calendar.days(-4713, 11, 24);
    private static final long LAST = Calendar.days(5_874_897, 12, 31);
    private static final String TYPE = "date";

    private Date() {}

    /** Of Postgres's output. */
    public static int parse(byte[] bytes, int from, int length) {
        if (IsoText.isInfinity(bytes, from, length)) {
            return INFINITY;
        }
        if (IsoText.isMinusInfinity(bytes, from, length)) {
            return MINUS_INFINITY;
        }
        boolean bc = IsoText.endsInBc(bytes, from, length);
        return (int) IsoText.days(bytes, from, from + length - (bc ? 3 : 0), bc, TYPE);
    }

    public static int input(String literal) {
        DateTimeLiteral read = DateTimeLiteral.read(literal, TYPE);
        return switch (read.special()) {
            case INFINITY -> INFINITY;
            case MINUS_INFINITY -> MINUS_INFINITY;
            case EPOCH -> Calendar.EPOCH_DAY;
            case NONE -> {
                long days = read.days();
                if (!isDate(days)) {
                    throw InvalidValue.dateTimeOutOfRange("date", literal);
                }
                yield (int) days;
            }
        };
    }

    /** {@code make_date}; a negative year is before Christ. */
    public static int of(int year, int month, int day) {
        // What Postgres makes of a year that has no opposite differs.
        if (year == 0 || year == Integer.MIN_VALUE || month < 1 || month > 12 || day < 1) {
            throw InvalidValue.of("22008", "date field value out of range");
        }
        int astronomical = year < 0 ? year + 1 : year;
        if (day > Calendar.daysOfMonth(astronomical, month)) {
            throw InvalidValue.of("22008", "date field value out of range");
        }
        long days = Calendar.days(astronomical, month, day);
        if (!isDate(days)) {
            throw InvalidValue.dateTimeOutOfRange("date");
        }
        return (int) days;
    }

    private static boolean isDate(long days) {
        return days >= FIRST && days <= LAST;
    }

    public static boolean isFinite(int date) {
        return date != INFINITY && date != MINUS_INFINITY;
    }

    public static String print(int date) {
        if (!isFinite(date)) {
            return date == INFINITY ? "infinity" : "-infinity";
        }
        StringBuilder text = new StringBuilder(13);
        IsoText.appendDate(text, date);
        IsoText.appendBc(text, date);
        return text.toString();
    }

    public static int addDays(int date, int days) {
        return checked(date, (long) date + days);
    }

    public static int subtractDays(int date, int days) {
        return checked(date, (long) date - days);
    }

    private static int checked(int date, long moved) {
        if (!isFinite(date)) {
            return date;
        }
        if (!isDate(moved)) {
            throw InvalidValue.dateTimeOutOfRange("date");
        }
        return (int) moved;
    }

    public static int daysBetween(int date, int earlier) {
        if (!isFinite(date) || !isFinite(earlier)) {
            throw InvalidValue.of("22008", "cannot subtract infinite dates");
        }
        return date - earlier;
    }

    /** Midnight; a date after the last timestamp is refused. */
    public static long toTimestamp(int date) {
        if (!isFinite(date)) {
            return date == INFINITY ? Timestamp.INFINITY : Timestamp.MINUS_INFINITY;
        }
        long micros = date * Calendar.MICROS_PER_DAY;
        if (date > Timestamp.LAST_DAY) {
            throw InvalidValue.of("22008", "date out of range for timestamp");
        }
        return micros;
    }

    /** Against a timestamp at midnight, also where the date is after every finite timestamp. */
    public static int compareToTimestamp(int date, long timestamp) {
        if (isFinite(date) && date > Timestamp.LAST_DAY) {
            return timestamp == Timestamp.INFINITY ? -1 : 1;
        }
        return Long.compare(toTimestamp(date), timestamp);
    }

    public static int from(long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            return timestamp == Timestamp.INFINITY ? INFINITY : MINUS_INFINITY;
        }
        return (int) Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
    }
}
