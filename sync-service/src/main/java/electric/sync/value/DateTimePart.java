package electric.sync.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * {@code extract} and {@code date_part}: one field of a date or time, as an exact decimal or as the double that Postgres
 * calculates. What goes round and round is NULL of an infinity, what grows is infinite.
 */
public final class DateTimePart {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final int JULIAN_DAY_OF_2000 = 2_451_545;
    private static final long EPOCH_SHIFT = -Calendar.EPOCH_DAY * Calendar.MICROS_PER_DAY;
    private static final long MOST_FOR_EPOCH = Long.MAX_VALUE - EPOCH_SHIFT;

    private DateTimePart() {}

    public static @Nullable Numeric ofDate(DateTimeField field, int date) {
        if (!Date.isFinite(date)) {
            return switch (field) {
                case MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE ->
                    throw field.notSupported("date");
                default -> ofInfinity(field, date == Date.INFINITY);
            };
        }
        return switch (field) {
            case EPOCH -> Numeric.of((date - (long) Calendar.EPOCH_DAY) * SECONDS_PER_DAY);
            case JULIAN_DAY -> Numeric.of(date + (long) JULIAN_DAY_OF_2000);
            default -> Numeric.of(ofDay(field, date, "date"));
        };
    }

    private static @Nullable Numeric ofInfinity(DateTimeField field, boolean positive) {
        return switch (field) {
            case YEAR, DECADE, CENTURY, MILLENNIUM, JULIAN_DAY, ISO_YEAR, EPOCH ->
                positive ? Numeric.INFINITY : Numeric.MINUS_INFINITY;
            default -> null;
        };
    }

    private static @Nullable Double asDouble(@Nullable Numeric part) {
        return part == null ? null : (Double) Float8.from(part);
    }

    public static @Nullable Numeric ofTimestamp(DateTimeField field, long timestamp) {
        refuseZone(field, timestamp);
        return ofTimestampTz(field, timestamp);
    }

    private static void refuseZone(DateTimeField field, long timestamp) {
        boolean zone = field == DateTimeField.TIMEZONE
                || field == DateTimeField.TIMEZONE_HOUR
                || field == DateTimeField.TIMEZONE_MINUTE;
        if (zone && Timestamp.isFinite(timestamp)) {
            throw field.notSupported("timestamp without time zone");
        }
    }

    public static @Nullable Numeric ofTimestampTz(DateTimeField field, long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            return ofInfinity(field, timestamp == Timestamp.INFINITY);
        }
        long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
        long micros = Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
        return switch (field) {
            case MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR -> ofClock(field, micros);
            case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE -> Numeric.ZERO;
            case EPOCH -> {
                if (timestamp >= MOST_FOR_EPOCH) {
                    throw new NotExact("Postgres rounds the seconds of so late a timestamp");
                }
                yield scaled(timestamp + EPOCH_SHIFT, 6);
            }
            case JULIAN_DAY ->
                Numeric.of(days + JULIAN_DAY_OF_2000)
                        .add(Numeric.of(micros).divide(Numeric.of(Calendar.MICROS_PER_DAY)));
            default -> Numeric.of(ofDay(field, days, "timestamp"));
        };
    }

    public static @Nullable Double ofTimestampAsDouble(DateTimeField field, long timestamp) {
        refuseZone(field, timestamp);
        return ofTimestampTzAsDouble(field, timestamp);
    }

    public static @Nullable Double ofTimestampTzAsDouble(DateTimeField field, long timestamp) {
        if (!Timestamp.isFinite(timestamp)) {
            return asDouble(ofInfinity(field, timestamp == Timestamp.INFINITY));
        }
        long micros = Math.floorMod(timestamp, Calendar.MICROS_PER_DAY);
        return switch (field) {
            case MILLISECOND, SECOND -> ofClockAsDouble(field, micros);
            case EPOCH ->
                timestamp < MOST_FOR_EPOCH
                        ? (timestamp + EPOCH_SHIFT) / 1e6
                        : ((double) timestamp + (double) EPOCH_SHIFT) / 1e6;
            case JULIAN_DAY -> {
                long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
                long seconds = micros / Calendar.MICROS_PER_SECOND;
                double fraction = micros % Calendar.MICROS_PER_SECOND / 1e6;
                yield days + JULIAN_DAY_OF_2000 + (seconds + fraction) / SECONDS_PER_DAY;
            }
            default -> asDouble(ofTimestampTz(field, timestamp));
        };
    }

    public static Numeric ofTime(DateTimeField field, long time) {
        return switch (field) {
            case MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR -> ofClock(field, time);
            case EPOCH -> scaled(time, 6);
            default -> throw field.notSupported("time without time zone");
        };
    }

    public static double ofTimeAsDouble(DateTimeField field, long time) {
        return switch (field) {
            case MILLISECOND, SECOND -> ofClockAsDouble(field, time);
            case EPOCH -> time / 1e6;
            default -> Float8.from(ofTime(field, time));
        };
    }

    public static Numeric ofTimeTz(DateTimeField field, TimeTz time) {
        return switch (field) {
            case EPOCH -> scaled(time.utc(), 6);
            case TIMEZONE -> Numeric.of(time.offset());
            case TIMEZONE_HOUR -> Numeric.of(time.offset() / 3600);
            case TIMEZONE_MINUTE -> Numeric.of(time.offset() / 60 % 60);
            default -> ofTime(field, time.micros());
        };
    }

    public static double ofTimeTzAsDouble(DateTimeField field, TimeTz time) {
        return switch (field) {
            case EPOCH -> time.micros() / 1e6 - time.offset();
            case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE -> Float8.from(ofTimeTz(field, time));
            default -> ofTimeAsDouble(field, time.micros());
        };
    }

    public static Numeric ofInterval(DateTimeField field, Interval interval) {
        refuseUnclear(field, interval);
        return switch (field) {
            case MICROSECOND, MILLISECOND, SECOND, MINUTE -> ofClock(field, interval.micros());
            case HOUR -> Numeric.of(interval.micros() / Calendar.MICROS_PER_HOUR);
            case DAY -> Numeric.of(interval.days());
            case MONTH -> Numeric.of(interval.months() % 12);
            case QUARTER -> Numeric.of(interval.months() % 12 / 3 + 1);
            case YEAR -> Numeric.of(interval.months() / 12);
            case DECADE -> Numeric.of(interval.months() / 120);
            case CENTURY -> Numeric.of(interval.months() / 1200);
            case MILLENNIUM -> Numeric.of(interval.months() / 12_000);
            case EPOCH ->
                Numeric.of(BigDecimal.valueOf(quartersOfDays(interval) * (SECONDS_PER_DAY / 4))
                        .add(BigDecimal.valueOf(interval.micros(), 6)));
            default -> throw field.notSupported("interval");
        };
    }

    /** A year counts as 365.25 days here. */
    private static long quartersOfDays(Interval interval) {
        return 1461L * (interval.months() / 12) + 120L * (interval.months() % 12) + 4L * interval.days();
    }

    public static double ofIntervalAsDouble(DateTimeField field, Interval interval) {
        refuseUnclear(field, interval);
        return switch (field) {
            case MILLISECOND, SECOND -> ofClockAsDouble(field, interval.micros());
            case EPOCH -> {
                // Whole years, and what is left of months.
                int years = interval.months() / 12;
                int months = interval.months() % 12;
                yield interval.micros() / 1e6
                        + 365.25 * SECONDS_PER_DAY * years
                        + 30.0 * SECONDS_PER_DAY * months
                        + (double) SECONDS_PER_DAY * interval.days();
            }
            default -> Float8.from(ofInterval(field, interval));
        };
    }

    private static void refuseUnclear(DateTimeField field, Interval interval) {
        boolean quarter = field == DateTimeField.QUARTER && interval.months() < 0;
        if (quarter || field == DateTimeField.WEEK || !interval.isFinite()) {
            throw new NotExact("a part of an interval that depends on the server's version");
        }
    }

    /** Of hours, minutes and seconds, negative ones too. */
    private static Numeric ofClock(DateTimeField field, long micros) {
        return switch (field) {
            case MICROSECOND -> Numeric.of(micros % Calendar.MICROS_PER_MINUTE);
            case MILLISECOND -> scaled(micros % Calendar.MICROS_PER_MINUTE, 3);
            case SECOND -> scaled(micros % Calendar.MICROS_PER_MINUTE, 6);
            case MINUTE -> Numeric.of(micros / Calendar.MICROS_PER_MINUTE % 60);
            default -> Numeric.of(micros / Calendar.MICROS_PER_HOUR);
        };
    }

    private static double ofClockAsDouble(DateTimeField field, long micros) {
        long seconds = micros / Calendar.MICROS_PER_SECOND % 60;
        long fraction = micros % Calendar.MICROS_PER_SECOND;
        return field == DateTimeField.SECOND ? seconds + fraction / 1e6 : seconds * 1000 + fraction / 1e3;
    }

    private static Numeric scaled(long value, int scale) {
        return Numeric.of(BigDecimal.valueOf(value, scale));
    }

    private static long ofDay(DateTimeField field, long days, String type) {
        int year = Calendar.year(days);
        int month = Calendar.month(days);
        return switch (field) {
            case DAY -> Calendar.day(days);
            case WEEK -> IsoWeek.week(days);
            case MONTH -> month;
            case QUARTER -> (month - 1) / 3 + 1;
            // There is no year 0.
            case YEAR -> year > 0 ? year : year - 1;
            case ISO_YEAR -> IsoWeek.year(days) > 0 ? IsoWeek.year(days) : IsoWeek.year(days) - 1;
            case DECADE -> Math.floorDiv(year, 10);
            case CENTURY -> periods(year, 100);
            case MILLENNIUM -> periods(year, 1000);
            case DAY_OF_WEEK -> (IsoWeek.weekday(days) + 1) % 7;
            case ISO_DAY_OF_WEEK -> IsoWeek.weekday(days) + 1;
            case DAY_OF_YEAR -> days - Calendar.days(year, 1, 1) + 1;
            default -> throw field.notSupported(type);
        };
    }

    /** Centuries and millennia are counted from 1, and before that from -1. */
    private static int periods(int year, int length) {
        return year > 0 ? (year + length - 1) / length : -((length - 1 - (year - 1)) / length);
    }
}
