package electric.sync.value;

/** The fields of {@code interval day to hour} and its like. */
public enum IntervalFields {
    ALL(Unit.SECOND),
    YEAR(Unit.YEAR),
    MONTH(Unit.MONTH),
    DAY(Unit.DAY),
    HOUR(Unit.HOUR),
    MINUTE(Unit.MINUTE),
    SECOND(Unit.SECOND),
    YEAR_TO_MONTH(Unit.MONTH),
    DAY_TO_HOUR(Unit.HOUR),
    DAY_TO_MINUTE(Unit.MINUTE),
    DAY_TO_SECOND(Unit.SECOND),
    HOUR_TO_MINUTE(Unit.MINUTE),
    HOUR_TO_SECOND(Unit.SECOND),
    MINUTE_TO_SECOND(Unit.SECOND);

    enum Unit {
        MICROSECOND,
        MILLISECOND,
        SECOND,
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        YEAR,
        DECADE,
        CENTURY,
        MILLENNIUM
    }

    /** The last field: what a number without a unit counts. */
    private final Unit last;

    IntervalFields(Unit last) {
        this.last = last;
    }

    /** From the bits in which Postgres keeps them in a type modifier. */
    static IntervalFields ofBits(int bits) {
        return switch (bits) {
            case 1 << 2 -> YEAR;
            case 1 << 1 -> MONTH;
            case 1 << 3 -> DAY;
            case 1 << 10 -> HOUR;
            case 1 << 11 -> MINUTE;
            case 1 << 12 -> SECOND;
            case 1 << 2 | 1 << 1 -> YEAR_TO_MONTH;
            case 1 << 3 | 1 << 10 -> DAY_TO_HOUR;
            case 1 << 3 | 1 << 10 | 1 << 11 -> DAY_TO_MINUTE;
            case 1 << 3 | 1 << 10 | 1 << 11 | 1 << 12 -> DAY_TO_SECOND;
            case 1 << 10 | 1 << 11 -> HOUR_TO_MINUTE;
            case 1 << 10 | 1 << 11 | 1 << 12 -> HOUR_TO_SECOND;
            case 1 << 11 | 1 << 12 -> MINUTE_TO_SECOND;
            case 0x7FFF -> ALL;
            default -> throw new NotExact("fields of an interval that no declaration gives");
        };
    }

    Unit last() {
        return last;
    }

    /** Without what is smaller than the last field. */
    Interval truncate(Interval interval) {
        if (!interval.isFinite()) {
            return interval;
        }
        return switch (this) {
            case ALL, SECOND, DAY_TO_SECOND, HOUR_TO_SECOND, MINUTE_TO_SECOND -> interval;
            case YEAR -> new Interval(interval.months() / 12 * 12, 0, 0);
            case MONTH, YEAR_TO_MONTH -> new Interval(interval.months(), 0, 0);
            case DAY -> new Interval(interval.months(), interval.days(), 0);
            case HOUR, DAY_TO_HOUR -> withTimeIn(interval, Calendar.MICROS_PER_HOUR);
            case MINUTE, DAY_TO_MINUTE, HOUR_TO_MINUTE -> withTimeIn(interval, Calendar.MICROS_PER_MINUTE);
        };
    }

    private static Interval withTimeIn(Interval interval, long unit) {
        return new Interval(interval.months(), interval.days(), interval.micros() / unit * unit);
    }
}
