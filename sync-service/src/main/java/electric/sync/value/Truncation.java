package electric.sync.value;

/** {@code date_trunc}: the beginning of the period that something is in. */
public final class Truncation {
    private Truncation() {}

    public static long ofTimestamp(DateTimeField field, long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            return switch (field) {
                case JULIAN_DAY,
                        ISO_YEAR,
                        DAY_OF_WEEK,
                        ISO_DAY_OF_WEEK,
                        DAY_OF_YEAR,
                        EPOCH,
                        TIMEZONE,
                        TIMEZONE_HOUR,
                        TIMEZONE_MINUTE ->
                    throw new NotExact("truncating infinity to what is not a period depends on the server's version");
                default -> timestamp;
            };
        }
        long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
        long micros = Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
        return switch (field) {
            case MICROSECOND -> timestamp;
            case MILLISECOND -> timestamp - micros % 1000;
            case SECOND -> timestamp - micros % Calendar.MICROS_PER_SECOND;
            case MINUTE -> timestamp - micros % Calendar.MICROS_PER_MINUTE;
            case HOUR -> timestamp - micros % Calendar.MICROS_PER_HOUR;
            default -> Timestamp.ofDays(firstDay(field, days));
        };
    }

    /** In a zone, whose midnights count. */
    public static long ofTimestampTz(DateTimeField field, long timestamp, TimeZones.Zone zone) {
        if (!Timestamp.isFinite(timestamp)) {
            return ofTimestamp(field, timestamp);
        }
        long local = Timestamp.inZone(timestamp, zone);
        long truncated = ofTimestamp(field, local);
        return switch (field) {
            case MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR -> timestamp - (local - truncated);
            default -> Timestamp.atZone(truncated, zone);
        };
    }

    private static long firstDay(DateTimeField field, long days) {
        int year = Calendar.year(days);
        return switch (field) {
            case DAY -> days;
            case WEEK -> IsoWeek.monday(days);
            case MONTH -> Calendar.days(year, Calendar.month(days), 1);
            case QUARTER -> Calendar.days(year, (Calendar.month(days) - 1) / 3 * 3 + 1, 1);
            case YEAR -> Calendar.days(year, 1, 1);
            case DECADE -> Calendar.days(Math.floorDiv(year, 10) * 10, 1, 1);
            case CENTURY -> Calendar.days(Math.floorDiv(year - 1, 100) * 100 + 1, 1, 1);
            case MILLENNIUM -> Calendar.days(Math.floorDiv(year - 1, 1000) * 1000 + 1, 1, 1);
            default -> throw field.notSupported("timestamp");
        };
    }

    /** Toward zero. */
    public static Interval ofInterval(DateTimeField field, Interval interval) {
        if (!interval.isFinite()) {
            throw new NotExact("truncating an infinite interval depends on the server's version");
        }
        return switch (field) {
            case MICROSECOND -> interval;
            case MILLISECOND -> withTimeIn(interval, 1000);
            case SECOND -> withTimeIn(interval, Calendar.MICROS_PER_SECOND);
            case MINUTE -> withTimeIn(interval, Calendar.MICROS_PER_MINUTE);
            case HOUR -> withTimeIn(interval, Calendar.MICROS_PER_HOUR);
            case DAY -> new Interval(interval.months(), interval.days(), 0);
            case MONTH -> monthsIn(interval, 1);
            case QUARTER -> monthsIn(interval, 3);
            case YEAR -> monthsIn(interval, 12);
            case DECADE -> monthsIn(interval, 120);
            case CENTURY -> monthsIn(interval, 1200);
            case MILLENNIUM -> monthsIn(interval, 12_000);
            default -> throw field.notSupported("interval");
        };
    }

    private static Interval withTimeIn(Interval interval, long unit) {
        return new Interval(interval.months(), interval.days(), interval.micros() / unit * unit);
    }

    private static Interval monthsIn(Interval interval, int unit) {
        return new Interval(interval.months() / unit * unit, 0, 0);
    }
}
