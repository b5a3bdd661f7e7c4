package electric.sync.where;

import electric.sync.value.Date;
import electric.sync.value.Interval;
import electric.sync.value.Time;
import electric.sync.value.Timestamp;

/** Arithmetic of dates, times, timestamps and intervals. The session's zone is UTC. */
final class DateTimeRoutines {
    private DateTimeRoutines() {}

    static void addTo(Implementations all) {
        dates(all);
        times(all);
        timestamps(all);
        intervals(all);
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
        all.two("datetime_pl(date,time)", Timestamp::of);
        all.two("timedate_pl(time,date)", (Long time, Integer date) -> Timestamp.of(date, time));
    }

    private static void times(Implementations all) {
        all.two("time_pl_interval(time,interval)", Time::add);
        all.two("interval_pl_time(interval,time)", (Interval interval, Long time) -> Time.add(time, interval));
        all.two("time_mi_interval(time,interval)", Time::subtract);
        all.two("time_mi_time(time,time)", Time::between);
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
}
