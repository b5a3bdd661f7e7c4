package electric.sync.where;

import static electric.sync.where.Implementations.strict;

import electric.sync.value.Age;
import electric.sync.value.Date;
import electric.sync.value.DateTimeField;
import electric.sync.value.DateTimePart;
import electric.sync.value.Interval;
import electric.sync.value.NotExact;
import electric.sync.value.Time;
import electric.sync.value.TimeTz;
import electric.sync.value.TimeZones;
import electric.sync.value.TimeZones.Zone;
import electric.sync.value.Timestamp;
import electric.sync.value.TimestampPattern;
import electric.sync.value.Truncation;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Arithmetic of dates, times, timestamps and intervals. The session's zone is UTC. */
final class DateTimeRoutines {
    private static final int MOST_DIGITS = 6;

    /** Year, month, day, hour, minute, second, their ranges, and all of them. */
    private static final Set<Integer> INTERVAL_FIELDS =
            Set.of(0x4, 0x2, 0x8, 0x400, 0x800, 0x1000, 0x6, 0x408, 0xC08, 0x1C08, 0xC00, 0x1C00, 0x1800, 0x7FFF);

    private DateTimeRoutines() {}

    static void addTo(Implementations all) {
        dates(all);
        times(all);
        timestamps(all);
        intervals(all);
        comparisons(all);
        casts(all);
        zones(all);
        parts(all);
        truncation(all);
        made(all);
        patterns(all);
        OverlapRoutines.addTo(all);
    }

    private static void dates(Implementations all) {
        all.two("date_pli(date,int4)", (Integer date, Long days) -> Date.addDays(date, days.intValue()));
        all.two("integer_pl_date(int4,date)", (Long days, Integer date) -> Date.addDays(date, days.intValue()));
        all.two("date_mii(date,int4)", (Integer date, Long days) -> Date.subtractDays(date, days.intValue()));
        all.two("date_mi(date,date)", (Integer date, Integer earlier) -> (long) Date.daysBetween(date, earlier));
        all.two(
                "date_pl_interval(date,interval)",
                (Integer date, Interval interval) -> Timestamp.add(Date.toTimestamp(date), interval));
        all.two(
                "interval_pl_date(interval,date)",
                (Interval interval, Integer date) -> Timestamp.add(Date.toTimestamp(date), interval));
        all.two(
                "date_mi_interval(date,interval)",
                (Integer date, Interval interval) -> Timestamp.subtract(Date.toTimestamp(date), interval));
        all.two("datetime_pl(date,time)", (Integer date, Long time) -> Timestamp.of(date, time));
        all.two("timedate_pl(time,date)", (Long time, Integer date) -> Timestamp.of(date, time));
        all.two("datetimetz_pl(date,timetz)", (Integer date, TimeTz time) -> Timestamp.of(date, time));
        all.two("timetzdate_pl(timetz,date)", (TimeTz time, Integer date) -> Timestamp.of(date, time));
    }

    private static void times(Implementations all) {
        all.two("time_pl_interval(time,interval)", Time::add);
        all.two("interval_pl_time(interval,time)", (Interval interval, Long time) -> Time.add(time, interval));
        all.two("time_mi_interval(time,interval)", Time::subtract);
        all.two("time_mi_time(time,time)", Time::between);
        all.two("timetz_pl_interval(timetz,interval)", TimeTz::add);
        all.two("interval_pl_timetz(interval,timetz)", (Interval interval, TimeTz time) -> time.add(interval));
        all.two("timetz_mi_interval(timetz,interval)", TimeTz::subtract);
    }

    private static void timestamps(Implementations all) {
        for (String type : new String[] {"timestamp", "timestamptz"}) {
            all.two(type + "_pl_interval(" + type + ",interval)", Timestamp::add);
            all.two(
                    "interval_pl_" + type + "(interval," + type + ")",
                    (Interval interval, Long timestamp) -> Timestamp.add(timestamp, interval));
            all.two(type + "_mi_interval(" + type + ",interval)", Timestamp::subtract);
            all.two(type + "_mi(" + type + "," + type + ")", Timestamp::between);
        }
    }

    private static void intervals(Implementations all) {
        all.two("interval_pl(interval,interval)", Interval::add);
        all.two("interval_mi(interval,interval)", Interval::subtract);
        all.one("interval_um(interval)", Interval::negate);
        all.two("interval_mul(interval,float8)", Interval::multiply);
        all.two("mul_d_interval(float8,interval)", (Double factor, Interval interval) -> interval.multiply(factor));
        all.two("interval_div(interval,float8)", Interval::divide);
        all.one("justify_days(interval)", Interval::justifyDays);
        all.one("justify_hours(interval)", Interval::justifyHours);
        all.one("justify_interval(interval)", Interval::justifyInterval);
    }

    /** Of two types, which never fail as a cast to the other type might. */
    private static void comparisons(Implementations all) {
        for (Expr.Comparison comparison : Expr.Comparison.values()) {
            String verb = switch (comparison) {
                case EQUAL -> "eq";
                case UNEQUAL -> "ne";
                case LESS -> "lt";
                case LESS_OR_EQUAL -> "le";
                case GREATER -> "gt";
                case GREATER_OR_EQUAL -> "ge";
            };
            for (String zoned : new String[] {"timestamp", "timestamptz"}) {
                all.two(
                        "date_" + verb + "_" + zoned + "(date," + zoned + ")",
                        (Integer date, Long timestamp) -> holds(comparison, Date.compareToTimestamp(date, timestamp)));
                all.two(
                        zoned + "_" + verb + "_date(" + zoned + ",date)",
                        (Long timestamp, Integer date) -> holds(comparison, -Date.compareToTimestamp(date, timestamp)));
                String other = zoned.equals("timestamp") ? "timestamptz" : "timestamp";
                all.two(
                        zoned + "_" + verb + "_" + other + "(" + zoned + "," + other + ")",
                        (Long a, Long b) -> holds(comparison, Long.compare(a, b)));
            }
        }
    }

    private static boolean holds(Expr.Comparison comparison, int order) {
        return switch (comparison) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static void casts(Implementations all) {
        all.one("timestamp(date)", Date::toTimestamp);
        all.one("timestamptz(date)", Date::toTimestamp);
        all.one("date(timestamp)", (Long timestamp) -> Date.from(timestamp));
        all.one("date(timestamptz)", (Long timestamp) -> Date.from(timestamp));
        all.one("timestamp(timestamptz)", (Long timestamp) -> timestamp);
        all.one("timestamptz(timestamp)", (Long timestamp) -> timestamp);
        all.one("time(timestamp)", (Long timestamp) -> Time.from(timestamp));
        all.one("time(timestamptz)", (Long timestamp) -> Time.from(timestamp));
        all.one("time(interval)", (Interval interval) -> Time.from(interval));
        all.one("time(timetz)", TimeTz::micros);
        all.one("interval(time)", Time::toInterval);
        all.one("timetz(time)", (Long time) -> TimeTz.from(time));
        all.one("timetz(timestamptz)", (Long timestamp) -> {
            Long time = Time.from(timestamp);
            return time == null ? null : TimeTz.from(time);
        });
        all.two("timestamp(date,time)", (Integer date, Long time) -> Timestamp.of(date, time));
        all.two("timestamptz(date,time)", (Integer date, Long time) -> Timestamp.of(date, time));
        all.two("timestamptz(date,timetz)", (Integer date, TimeTz time) -> Timestamp.of(date, time));
        for (String type : new String[] {"timestamp", "timestamptz"}) {
            all.sized(
                    type + "(" + type + ",int4)",
                    digits -> digits <= MOST_DIGITS,
                    Implementations.strict((Long timestamp, Long digits) ->
                            digits < 0 ? timestamp : (Long) Timestamp.round(timestamp, digits.intValue())));
        }
        all.sized(
                "time(time,int4)",
                digits -> digits <= MOST_DIGITS,
                Implementations.strict(
                        (Long time, Long digits) -> digits < 0 ? time : (Long) Time.round(time, digits.intValue())));
        all.sized(
                "timetz(timetz,int4)",
                digits -> digits <= MOST_DIGITS,
                Implementations.strict(
                        (TimeTz time, Long digits) -> digits < 0 ? time : time.round(digits.intValue())));
        all.sized(
                "interval(interval,int4)",
                DateTimeRoutines::isIntervalModifier,
                Implementations.strict((Interval interval, Long typmod) -> interval.coerce(typmod.intValue())));
    }

    /** Fields in the upper half, digits of seconds in the lower. */
    private static boolean isIntervalModifier(long modifier) {
        long digits = modifier & 0xFFFF;
        return modifier < 0
                || (INTERVAL_FIELDS.contains((int) (modifier >> 16)) && (digits <= MOST_DIGITS || digits == 0xFFFF));
    }

    private static void zones(Implementations all) {
        inZone(
                all,
                "timezone(text,timestamp)",
                0,
                zone -> strict((String name, Long local) -> Timestamp.atZone(local, zone.apply(name))));
        inZone(
                all,
                "timezone(text,timestamptz)",
                0,
                zone -> strict((String name, Long instant) -> Timestamp.inZone(instant, zone.apply(name))));
        inZone(
                all,
                "date_trunc(text,timestamptz,text)",
                2,
                zone -> strict((String field, Long at, String name) ->
                        Truncation.ofTimestampTz(DateTimeField.of(field), at, zone.apply(name))));
        all.two(
                "timezone(interval,timestamp)",
                (Interval offset, Long local) -> Timestamp.atZone(local, TimeZones.fixed(seconds(offset))));
        all.two(
                "timezone(interval,timestamptz)",
                (Interval offset, Long instant) -> Timestamp.inZone(instant, TimeZones.fixed(seconds(offset))));
        all.two("timezone(interval,timetz)", (Interval offset, TimeTz time) -> time.inZone(seconds(offset)));
    }

    /** With a zone that is looked up, and perhaps refused, before there are rows, if it is the same for all. */
    private static void inZone(
            Implementations all, String signature, int argument, Function<Function<String, Zone>, Routine.Body> body) {
        all.bound(signature, use -> {
            Object name = constant(use, argument);
            if (name == null) {
                // Who reads rows must not wait for the database.
                return body.apply(TimeZones::zone);
            }
            Zone known = use.locale().zone((String) name);
            return body.apply(same -> known);
        });
    }

    private static @Nullable Object constant(Routines.Use use, int argument) {
        return argument < use.constants().size() ? use.constants().get(argument) : null;
    }

    private static int seconds(Interval offset) {
        long seconds = offset.micros() / 1_000_000;
        if (offset.months() != 0 || offset.days() != 0 || Math.abs(seconds) > 1_000_000) {
            throw new NotExact("an interval that cannot be the offset of a time zone");
        }
        return (int) seconds;
    }

    private static void parts(Implementations all) {
        field(all, "extract(text,date)", DateTimePart::ofDate);
        field(
                all,
                "date_part(text,date)",
                (DateTimeField field, Integer date) -> DateTimePart.ofTimestampAsDouble(field, Date.toTimestamp(date)));
        field(all, "extract(text,timestamp)", DateTimePart::ofTimestamp);
        field(all, "date_part(text,timestamp)", DateTimePart::ofTimestampAsDouble);
        field(all, "extract(text,timestamptz)", DateTimePart::ofTimestampTz);
        field(all, "date_part(text,timestamptz)", DateTimePart::ofTimestampTzAsDouble);
        field(all, "extract(text,time)", DateTimePart::ofTime);
        field(all, "date_part(text,time)", DateTimePart::ofTimeAsDouble);
        field(all, "extract(text,timetz)", DateTimePart::ofTimeTz);
        field(all, "date_part(text,timetz)", DateTimePart::ofTimeTzAsDouble);
        field(all, "extract(text,interval)", DateTimePart::ofInterval);
        field(all, "date_part(text,interval)", DateTimePart::ofIntervalAsDouble);
    }

    /** With a field that is looked up, and perhaps refused, before there are rows, if it is the same for all. */
    private static <A, R extends @Nullable Object> void field(
            Implementations all, String signature, BiFunction<DateTimeField, A, R> body) {
        all.bound(signature, use -> {
            Object name = constant(use, 0);
            if (name == null) {
                return strict((String field, A value) -> body.apply(DateTimeField.of(field), value));
            }
            DateTimeField known = DateTimeField.of((String) name);
            return strict((String field, A value) -> body.apply(known, value));
        });
    }

    private static void truncation(Implementations all) {
        field(all, "date_trunc(text,timestamp)", Truncation::ofTimestamp);
        field(all, "date_trunc(text,timestamptz)", Truncation::ofTimestamp);
        field(all, "date_trunc(text,interval)", Truncation::ofInterval);
        for (String type : new String[] {"timestamp", "timestamptz"}) {
            all.three("date_bin(interval," + type + "," + type + ")", Timestamp::bin);
            all.two("age(" + type + "," + type + ")", Age::between);
            all.one("isfinite(" + type + ")", Timestamp::isFinite);
        }
        all.one("isfinite(date)", Date::isFinite);
        all.one("isfinite(interval)", Interval::isFinite);
    }

    private static void patterns(Implementations all) {
        for (String type : new String[] {"timestamp", "timestamptz"}) {
            all.bound("to_char(" + type + ",text)", use -> {
                Object pattern = constant(use, 1);
                if (pattern == null) {
                    return strict((Long at, String each) -> new TimestampPattern(each).print(at));
                }
                TimestampPattern known = new TimestampPattern((String) pattern);
                return strict((Long at, String same) -> known.print(at));
            });
        }
    }

    private static void made(Implementations all) {
        all.three(
                "make_date(int4,int4,int4)",
                (Long year, Long month, Long day) -> Date.of(year.intValue(), month.intValue(), day.intValue()));
        all.three(
                "make_time(int4,int4,float8)",
                (Long hour, Long minute, Double second) -> Time.of(hour.intValue(), minute.intValue(), second));
        all.body("make_timestamp(int4,int4,int4,int4,int4,float8)", DateTimeRoutines::timestampOf);
        all.body("make_timestamptz(int4,int4,int4,int4,int4,float8)", DateTimeRoutines::timestampOf);
        all.body(
                "make_interval(int4,int4,int4,int4,int4,int4,float8)",
                of -> Interval.of(
                        int4(of, 0), int4(of, 1), int4(of, 2), int4(of, 3), int4(of, 4), int4(of, 5), float8(of, 6)));
        all.one("to_timestamp(float8)", Timestamp::ofUnixSeconds);
    }

    private static Long timestampOf(@Nullable Object[] of) {
        return Timestamp.of(
                Date.of(int4(of, 0), int4(of, 1), int4(of, 2)), Time.of(int4(of, 3), int4(of, 4), float8(of, 5)));
    }

    private static int int4(@Nullable Object[] arguments, int at) {
        return ((Long) Objects.requireNonNull(arguments[at])).intValue();
    }

    private static double float8(@Nullable Object[] arguments, int at) {
        return (Double) Objects.requireNonNull(arguments[at]);
    }
}
