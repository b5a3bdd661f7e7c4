package electric.sync.value;

/** {@code age(timestamp, timestamp)}: the difference in years, months, days and time, field by field as on a calendar. */
public final class Age {
    private Age() {}

    public static Interval between(long timestamp, long earlier) {
        if (!Timestamp.isFinite(timestamp) || !Timestamp.isFinite(earlier)) {
            throw new NotExact("the age of infinity depends on the server's version");
        }
        boolean negative = timestamp < earlier;
        long from = negative ? timestamp : earlier;
        long to = negative ? earlier : timestamp;
        long fromDay = Math.floorDiv(from, Calendar.MICROS_PER_DAY);
        long toDay = Math.floorDiv(to, Calendar.MICROS_PER_DAY);
        long micros = Math.floorMod(to, Calendar.MICROS_PER_DAY) - Math.floorMod(from, Calendar.MICROS_PER_DAY);
        int months =
                (Calendar.year(toDay) - Calendar.year(fromDay)) * 12 + Calendar.month(toDay) - Calendar.month(fromDay);
        int days = Calendar.day(toDay) - Calendar.day(fromDay);
        if (micros < 0) {
            micros += Calendar.MICROS_PER_DAY;
            days--;
        }
        // What is borrowed is the month of the earlier one, however many times.
        int borrowed = Calendar.daysOfMonth(Calendar.year(fromDay), Calendar.month(fromDay));
        while (days < 0) {
            days += borrowed;
            months--;
        }
        return negative ? new Interval(-months, -days, -micros) : new Interval(months, days, micros);
    }
}
