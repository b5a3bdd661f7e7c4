package electric.sync.value;

/** The proleptic Gregorian calendar, in days since 2000-01-01. Year 0 is 1 BC. */
final class Calendar {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
    static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
    static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

    /** 1970-01-01. */
    static final int EPOCH_DAY = -10957;

    private static final int DAYS_PER_ERA = 146_097;
    /** From 0000-03-01, where eras of 400 years begin, to 2000-01-01. */
    private static final int ERA_START_TO_2000 = 730_425;

    private static final int[] DAYS_OF_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Calendar() {}

    static int daysOfMonth(int year, int month) {
        return month == 2 && isLeap(year) ? 29 : DAYS_OF_MONTH[month - 1];
    }

    static boolean isLeap(int year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Years begin in March here, so that the leap day is the last. */
    static long days(int year, int month, int day) {
        long y = month > 2 ? year : year - 1L;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        int monthFromMarch = (month + 9) % 12;
        int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
        return era * DAYS_PER_ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - ERA_START_TO_2000;
    }

    static int year(long days) {
        return (int) (yearFromMarch(days) + (month(days) <= 2 ? 1 : 0));
    }

    static int month(long days) {
        int monthFromMarch = (5 * dayOfYearFromMarch(days) + 2) / 153;
        return monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    }

    static int day(long days) {
        int dayOfYear = dayOfYearFromMarch(days);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        return dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    }

    private static int yearOfEra(int dayOfEra) {
        return (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    }

    private static long yearFromMarch(long days) {
        long shifted = days + ERA_START_TO_2000;
        return Math.floorDiv(shifted, (long) DAYS_PER_ERA) * 400 + yearOfEra(Math.floorMod(shifted, DAYS_PER_ERA));
    }

    private static int dayOfYearFromMarch(long days) {
        int dayOfEra = Math.floorMod(days + ERA_START_TO_2000, DAYS_PER_ERA);
        int y = yearOfEra(dayOfEra);
        return dayOfEra - (365 * y + y / 4 - y / 100);
    }
}
