package electric.sync.value;

/** Weeks begin on Monday; the first of a year is that of its first Thursday. */
final class IsoWeek {
    private IsoWeek() {}

    /** Monday is 0. */
    static int weekday(long days) {
        return (int) Math.floorMod(days + 5, 7L);
    }

    static long monday(long days) {
        return days - weekday(days);
    }

    static int year(long days) {
        return Calendar.year(monday(days) + 3);
    }

    static int week(long days) {
        long thursday = monday(days) + 3;
        return (int) ((thursday - Calendar.days(Calendar.year(thursday), 1, 1)) / 7) + 1;
    }
}
