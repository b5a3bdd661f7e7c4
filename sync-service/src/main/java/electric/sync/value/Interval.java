package electric.sync.value;

/**
 * interval: months, days and microseconds, kept apart. Compared and hashed by the estimate of 30 days to the month and 24
 * hours to the day; the two infinities (Postgres 17 and later) have every field at an end of its range.
 */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {
    public static final Interval INFINITY = new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    public static final Interval MINUS_INFINITY = new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE);

    private static final int DAYS_PER_MONTH = 30;
    private static final double SECONDS_PER_DAY = 86_400;

    /** Of Postgres's output in the style {@code iso_8601}. */
    public static Interval parse(byte[] bytes, int from, int length) {
        if (IsoText.isInfinity(bytes, from, length)) {
            return INFINITY;
        }
        if (IsoText.isMinusInfinity(bytes, from, length)) {
            return MINUS_INFINITY;
        }
        int end = from + length;
        if (length < 3 || bytes[from] != 'P') {
            throw unreadable();
        }
        long months = 0;
        long days = 0;
        long micros = 0;
        boolean time = false;
        int at = from + 1;
        while (at < end) {
            if (bytes[at] == 'T') {
                time = true;
                at++;
                continue;
            }
            boolean negative = bytes[at] == '-';
            if (negative) {
                at++;
            }
            long value = 0;
            int fraction = 0;
            int fractionUnit = 0;
            for (; at < end && (Blanks.isDigit((char) bytes[at]) || bytes[at] == '.'); at++) {
                if (bytes[at] == '.') {
                    fractionUnit = 100_000;
                } else if (fractionUnit > 0) {
                    fraction += (bytes[at] - '0') * fractionUnit;
                    fractionUnit /= 10;
                } else {
                    value = value * 10 + (bytes[at] - '0');
                }
            }
            if (at == end) {
                throw unreadable();
            }
            // Below zero there is one microsecond more.
            long signed = negative ? -value : value;
            switch (bytes[at]) {
                case 'Y' -> months += signed * 12;
                case 'M' -> {
                    if (time) {
                        micros += signed * Calendar.MICROS_PER_MINUTE;
                    } else {
                        months += signed;
                    }
                }
                case 'D' -> days += signed;
                case 'H' -> micros += signed * Calendar.MICROS_PER_HOUR;
                case 'S' -> micros += signed * Calendar.MICROS_PER_SECOND + (negative ? -fraction : fraction);
                default -> throw unreadable();
            }
            at++;
        }
        return new Interval((int) months, (int) days, micros);
    }

    private static NotExact unreadable() {
        return Output.unreadable("interval");
    }

    public static Interval input(String literal) {
        return IntervalLiteral.read(literal, IntervalFields.ALL);
    }

    /** As {@code interval 'literal' fields}: they also say what a number without a unit is. */
    public static Interval input(String literal, IntervalFields fields) {
        return fields.truncate(IntervalLiteral.read(literal, fields));
    }

    /** {@code make_interval}. */
    public static Interval of(int years, int months, int weeks, int days, int hours, int minutes, double seconds) {
        double micros = Math.rint(seconds * Calendar.MICROS_PER_SECOND);
        if (Double.isNaN(micros) || Math.abs(micros) >= 0x1p62) {
            throw outOfRange();
        }
        return finite(
                years * 12L + months,
                weeks * 7L + days,
                Math.addExact(hours * Calendar.MICROS_PER_HOUR + minutes * Calendar.MICROS_PER_MINUTE, (long) micros));
    }

    /**
     * As a cast to {@code interval fields (digits)}.
     *
     * @param typmod as Postgres keeps them: a bit for each field and the digits
     */
    public Interval coerce(int typmod) {
        if (typmod < 0 || !isFinite()) {
            return this;
        }
        Interval truncated = IntervalFields.ofBits(typmod >> 16 & 0x7FFF).truncate(this);
        int digits = typmod & 0xFFFF;
        if (digits > 6) {
            return truncated;
        }
        if (Math.abs(micros) > Long.MAX_VALUE - Calendar.MICROS_PER_SECOND || micros == Long.MIN_VALUE) {
            throw new NotExact("rounding the longest time depends on the server's version");
        }
        return new Interval(truncated.months, truncated.days, Timestamp.roundMicros(truncated.micros, digits));
    }

    public boolean isFinite() {
        return !isInfinity(this) && !isMinusInfinity(this);
    }

    private static boolean isInfinity(Interval interval) {
        return interval.months == Integer.MAX_VALUE
                && interval.days == Integer.MAX_VALUE
                && interval.micros == Long.MAX_VALUE;
    }

    private static boolean isMinusInfinity(Interval interval) {
        return interval.months == Integer.MIN_VALUE
                && interval.days == Integer.MIN_VALUE
                && interval.micros == Long.MIN_VALUE;
    }

    public String print() {
        if (!isFinite()) {
            return months > 0 ? "infinity" : "-infinity";
        }
        if (months == 0 && days == 0 && micros == 0) {
            return "PT0S";
        }
        StringBuilder text = new StringBuilder("P");
        append(text, months / 12, 'Y');
        append(text, months % 12, 'M');
        append(text, days, 'D');
        if (micros == 0) {
            return text.toString();
        }
        text.append('T');
        append(text, micros / Calendar.MICROS_PER_HOUR, 'H');
        append(text, micros / Calendar.MICROS_PER_MINUTE % 60, 'M');
        long seconds = micros / Calendar.MICROS_PER_SECOND % 60;
        int fraction = (int) (micros % Calendar.MICROS_PER_SECOND);
        if (seconds != 0 || fraction != 0) {
            if (micros < 0) {
                text.append('-');
            }
            text.append(Math.abs(seconds));
            IsoText.appendFraction(text, Math.abs(fraction));
            text.append('S');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long value, char unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }

    @Override
    public int compareTo(Interval other) {
        int wholeDays = Long.compare(estimatedDays(), other.estimatedDays());
        return wholeDays != 0 ? wholeDays : Long.compare(restOfDay(), other.restOfDay());
    }

    private long estimatedDays() {
        return months * (long) DAYS_PER_MONTH + days + Math.floorDiv(micros, Calendar.MICROS_PER_DAY);
    }

    private long restOfDay() {
        return Math.floorMod(micros, Calendar.MICROS_PER_DAY);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Interval interval && compareTo(interval) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(estimatedDays()) * 31 + Long.hashCode(restOfDay());
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Interval";
    }

    public Interval add(Interval other) {
        if (!isFinite() || !other.isFinite()) {
            if (!isFinite() && !other.isFinite() && months != other.months) {
                throw outOfRange();
            }
            return isFinite() ? other : this;
        }
        return sum(other.months, other.days, other.micros);
    }

    private Interval sum(long moreMonths, long moreDays, long moreMicros) {
        long sum = micros + moreMicros;
        if (((micros ^ sum) & (moreMicros ^ sum)) < 0) {
            throw outOfRange();
        }
        return finite(months + moreMonths, days + moreDays, sum);
    }

    private static Interval finite(long months, long days, long micros) {
        if (months != (int) months || days != (int) days) {
            throw outOfRange();
        }
        Interval interval = new Interval((int) months, (int) days, micros);
        if (!interval.isFinite()) {
            throw outOfRange();
        }
        return interval;
    }

    static InvalidValue outOfRange() {
        return InvalidValue.dateTimeOutOfRange("interval");
    }

    public Interval subtract(Interval other) {
        if (!isFinite() || !other.isFinite()) {
            return add(other.negate());
        }
        long difference = micros - other.micros;
        if (((micros ^ other.micros) & (micros ^ difference)) < 0) {
            throw outOfRange();
        }
        return finite((long) months - other.months, (long) days - other.days, difference);
    }

    public Interval negate() {
        if (!isFinite()) {
            return isInfinity(this) ? MINUS_INFINITY : INFINITY;
        }
        if (micros == Long.MIN_VALUE) {
            throw outOfRange();
        }
        return finite(-(long) months, -(long) days, -micros);
    }

    /** What is left of a month becomes days, what is left of a day becomes time. */
    public Interval multiply(double factor) {
        refuseInfinite(factor);
        return scaled(months * factor, days * factor, micros * factor);
    }

    public Interval divide(double divisor) {
        if (divisor == 0) {
            throw InvalidValue.divisionByZero();
        }
        refuseInfinite(divisor);
        return scaled(months / divisor, days / divisor, micros / divisor);
    }

    private void refuseInfinite(double number) {
        if (!isFinite() || Double.isInfinite(number)) {
            throw new NotExact("scaling by or of infinity depends on the server's version");
        }
        if (Double.isNaN(number)) {
            throw outOfRange();
        }
    }

    private static Interval scaled(double months, double days, double micros) {
        int wholeMonths = whole(months);
        int wholeDays = whole(days);
        double restOfMonths = toMicros((months - wholeMonths) * DAYS_PER_MONTH);
        int restDays = (int) restOfMonths;
        double seconds = toMicros((days - wholeDays + restOfMonths - restDays) * SECONDS_PER_DAY);
        long moreDays = 0;
        if (Math.abs(seconds) >= SECONDS_PER_DAY) {
            moreDays = (int) (seconds / SECONDS_PER_DAY);
            seconds -= moreDays * SECONDS_PER_DAY;
        }
        double time = Math.rint(micros + seconds * Calendar.MICROS_PER_SECOND);
        if (!(time >= -0x1p63 && time < 0x1p63)) {
            throw outOfRange();
        }
        return finite(wholeMonths, wholeDays + moreDays + restDays, (long) time);
    }

    private static int whole(double value) {
        if (!(value >= Integer.MIN_VALUE && value < 0x1p31)) {
            throw outOfRange();
        }
        return (int) value;
    }

    /** Rounded to the sixth digit, so that the noise of binary fractions does not cascade. */
    private static double toMicros(double value) {
        return Math.rint(value * Calendar.MICROS_PER_SECOND) / Calendar.MICROS_PER_SECOND;
    }

    /** Whole days of the time become days. */
    public Interval justifyHours() {
        if (!isFinite()) {
            return this;
        }
        return finite(months, days + micros / Calendar.MICROS_PER_DAY, micros % Calendar.MICROS_PER_DAY)
                .daysWithTheSignOfTime();
    }

    private Interval daysWithTheSignOfTime() {
        if (days > 0 && micros < 0) {
            return new Interval(months, days - 1, micros + Calendar.MICROS_PER_DAY);
        }
        if (days < 0 && micros > 0) {
            return new Interval(months, days + 1, micros - Calendar.MICROS_PER_DAY);
        }
        return this;
    }

    /** Each 30 days become a month. */
    public Interval justifyDays() {
        if (!isFinite()) {
            return this;
        }
        Interval justified = finite(months + days / (long) DAYS_PER_MONTH, days % DAYS_PER_MONTH, micros);
        if (justified.months > 0 && justified.days < 0) {
            return new Interval(justified.months - 1, justified.days + DAYS_PER_MONTH, micros);
        }
        if (justified.months < 0 && justified.days > 0) {
            return new Interval(justified.months + 1, justified.days - DAYS_PER_MONTH, micros);
        }
        return justified;
    }

    /** Both, and all fields get one sign. */
    public Interval justifyInterval() {
        if (!isFinite()) {
            return this;
        }
        long wholeDays = days + micros / Calendar.MICROS_PER_DAY;
        long time = micros % Calendar.MICROS_PER_DAY;
        long wholeMonths = months + wholeDays / DAYS_PER_MONTH;
        wholeDays %= DAYS_PER_MONTH;
        if (wholeMonths > 0 && (wholeDays < 0 || (wholeDays == 0 && time < 0))) {
            wholeDays += DAYS_PER_MONTH;
            wholeMonths--;
        } else if (wholeMonths < 0 && (wholeDays > 0 || (wholeDays == 0 && time > 0))) {
            wholeDays -= DAYS_PER_MONTH;
            wholeMonths++;
        }
        return finite(wholeMonths, wholeDays, time).daysWithTheSignOfTime();
    }
}
