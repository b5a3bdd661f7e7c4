package electric.sync.value;

import electric.sync.value.IntervalFields.Unit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A literal of interval: Postgres's verbose form, the SQL standard's, or ISO 8601. Fractions spill into smaller fields. */
final class IntervalLiteral {
    private static final int LONGEST_WORD = 10;
    private static final Map<String, Unit> UNITS = units();
    private static final Set<Unit> NOTHING_SMALLER = EnumSet.of(Unit.MICROSECOND, Unit.MILLISECOND, Unit.SECOND);

    private final String literal;
    private final InvalidValue syntax;
    private final IntervalFields fields;
    private final Set<Unit> seen = EnumSet.noneOf(Unit.class);

    private long months;
    private long days;
    private long micros;

    private IntervalLiteral(String literal, IntervalFields fields) {
        this.literal = literal;
        this.fields = fields;
        syntax = InvalidValue.dateTimeSyntax("interval", literal);
    }

    static Interval read(String literal, IntervalFields fields) {
        IntervalLiteral read = new IntervalLiteral(literal, fields);
        if (literal.startsWith("P")) {
            read.readIso();
            return read.interval();
        }
        return read.readWords();
    }

    private Interval interval() {
        if (months != (int) months) {
            throw Interval.outOfRange();
        }
        if (days != (int) days) {
            throw overflow();
        }
        return new Interval((int) months, (int) days, micros);
    }

    private InvalidValue overflow() {
        return InvalidValue.of("22015", "interval field value out of range: \"" + literal + "\"");
    }

    private static NotExact unclear() {
        return new NotExact("an interval literal that only Postgres can be trusted to understand");
    }

    /** From the end, because a unit stands after its number. */
    private Interval readWords() {
        List<DateTimeWord> words = DateTimeWord.cut(literal, syntax);
        if (words.size() == 1) {
            Interval infinite = infinity(words.getFirst().text());
            if (infinite != null) {
                return infinite;
            }
        }
        boolean ago = false;
        @Nullable Unit unit = null;
        boolean unitAwaitsItsNumber = false;
        for (int i = words.size() - 1; i >= 0; i--) {
            DateTimeWord word = words.get(i);
            switch (word.kind()) {
                case TIME -> {
                    if (unitAwaitsItsNumber) {
                        throw unclear();
                    }
                    time(word.text(), 1);
                    unit = Unit.DAY;
                }
                case SIGNED, NUMBER, DATE -> {
                    String text = word.text();
                    boolean isName = Blanks.isLetter(text.charAt(0));
                    if (isName || (ago && unit == null && text.indexOf(':') < 0)) {
                        throw syntax;
                    }
                    if (text.indexOf(':') >= 0) {
                        if (unitAwaitsItsNumber) {
                            throw unclear();
                        }
                        time(text.substring(1), text.charAt(0) == '-' ? -1 : 1);
                        unit = Unit.DAY;
                    } else {
                        unit = number(text, unit == null ? fields.last() : unit);
                    }
                    unitAwaitsItsNumber = false;
                }
                case NAME -> {
                    String name = word.text();
                    if (name.equals("ago")) {
                        if (i != words.size() - 1 || i == 0) {
                            throw syntax;
                        }
                        ago = true;
                    } else {
                        Unit named = UNITS.get(name.length() > LONGEST_WORD ? name.substring(0, LONGEST_WORD) : name);
                        if (named == null) {
                            throw unclear();
                        }
                        if (unitAwaitsItsNumber) {
                            throw syntax;
                        }
                        unit = named;
                        unitAwaitsItsNumber = true;
                    }
                }
                case SIGNED_NAME -> throw syntax;
            }
        }
        if (seen.isEmpty() || unitAwaitsItsNumber) {
            throw syntax;
        }
        if (ago) {
            if (micros == Long.MIN_VALUE) {
                throw overflow();
            }
            months = -months;
            days = -days;
            micros = -micros;
        }
        return interval();
    }

    private static @Nullable Interval infinity(String word) {
        return switch (word) {
            case "infinity", "+infinity" -> Interval.INFINITY;
            case "-infinity" -> Interval.MINUS_INFINITY;
            default -> null;
        };
    }

    /** Takes a number for its unit, and returns the unit of a bare number before it. */
    private Unit number(String text, Unit unit) {
        boolean negative = text.charAt(0) == '-';
        int from = negative || text.charAt(0) == '+' ? 1 : 0;
        int at = from;
        while (at < text.length() && Blanks.isDigit(text.charAt(at))) {
            at++;
        }
        if (at == from && (at == text.length() || text.charAt(at) != '.')) {
            throw unclear();
        }
        long whole = whole(text.substring(from, at), negative);
        if (at < text.length() && text.charAt(at) == '-') {
            long monthsOfYear = whole(text.substring(at + 1), false);
            if (monthsOfYear >= 12) {
                throw overflow();
            }
            whole = plus(times(whole, 12), negative ? -monthsOfYear : monthsOfYear);
            add(Unit.MONTH, whole, 0);
            mark(Unit.MONTH, false);
            return Unit.MONTH;
        }
        double fraction = 0;
        if (at < text.length()) {
            if (text.charAt(at) != '.') {
                throw unclear();
            }
            fraction = fraction(text.substring(at), negative);
        }
        add(unit, whole, fraction);
        mark(unit, fraction != 0);
        return unit == Unit.HOUR ? Unit.DAY : unit;
    }

    private long whole(String digits, boolean negative) {
        if (digits.isEmpty()) {
            return 0;
        }
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unclear();
        }
        try {
            return Long.parseLong(negative ? "-" + digits : digits);
        } catch (NumberFormatException tooLarge) {
            throw overflow();
        }
    }

    private static double fraction(String text, boolean negative) {
        String digits = text.substring(1);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unclear();
        }
        double fraction = digits.isEmpty() ? 0 : Double.parseDouble("0" + text);
        return negative ? -fraction : fraction;
    }

    private void mark(Unit unit, boolean withFraction) {
        Set<Unit> marked = EnumSet.of(unit);
        if (unit == Unit.SECOND && withFraction) {
            marked = NOTHING_SMALLER;
        }
        markAll(marked);
    }

    private void markAll(Set<Unit> units) {
        for (Unit unit : units) {
            if (!seen.add(unit)) {
                throw syntax;
            }
        }
    }

    private void add(Unit unit, long whole, double fraction) {
        switch (unit) {
            case MICROSECOND -> addMicros(whole, fraction, 1);
            case MILLISECOND -> addMicros(whole, fraction, 1000);
            case SECOND -> addMicros(whole, fraction, Calendar.MICROS_PER_SECOND);
            case MINUTE -> addMicros(whole, fraction, Calendar.MICROS_PER_MINUTE);
            case HOUR -> addMicros(whole, fraction, Calendar.MICROS_PER_HOUR);
            case DAY -> {
                addDays(whole);
                addFraction(fraction, Calendar.MICROS_PER_DAY);
            }
            case WEEK -> {
                addDays(times(whole, 7));
                addFractionOfDays(fraction * 7);
            }
            case MONTH -> {
                addMonths(whole);
                addFractionOfDays(fraction * 30);
            }
            case YEAR -> addYears(whole, fraction, 1);
            case DECADE -> addYears(whole, fraction, 10);
            case CENTURY -> addYears(whole, fraction, 100);
            case MILLENNIUM -> addYears(whole, fraction, 1000);
        }
    }

    private void addMonths(long more) {
        if (more != (int) more) {
            throw overflow();
        }
        months = plus(months, more);
    }

    private void addYears(long whole, double fraction, int years) {
        long wholeYears = times(whole, years);
        if (wholeYears != (int) wholeYears) {
            throw overflow();
        }
        double more = fraction * years * 12;
        // Exact in binary whatever the order of multiplication; otherwise the noise of one may cross a whole number.
        boolean exact = fraction * 0x1p20 == Math.rint(fraction * 0x1p20);
        boolean nearWhole = !exact && Math.abs(more - Math.rint(more)) < 1e-6;
        boolean onTop = months != 0 && more != (long) more;
        if (nearWhole || onTop || Math.rint(more) != (long) more) {
            throw new NotExact("a fraction of a year whose months depend on the server's version");
        }
        months = plus(months, wholeYears * 12 + (long) more);
    }

    private void addDays(long more) {
        days = plus(days, more);
        if (days != (int) days) {
            throw overflow();
        }
    }

    private void addFractionOfDays(double more) {
        int whole = (int) more;
        addDays(whole);
        addFraction(more - whole, Calendar.MICROS_PER_DAY);
    }

    private void addMicros(long whole, double fraction, long unit) {
        micros = plus(micros, times(whole, unit));
        addFraction(fraction, unit);
    }

    private void addFraction(double fraction, long unit) {
        double more = fraction * unit;
        long whole = (long) more;
        double rest = more - whole;
        if (Math.abs(rest) == 0.5) {
            throw new NotExact("half a microsecond, which is rounded up or down depending on the server's version");
        }
        if (rest > 0.5) {
            whole++;
        } else if (rest < -0.5) {
            whole--;
        }
        micros = plus(micros, whole);
    }

    private long plus(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw overflow();
        }
        return sum;
    }

    private long times(long a, long b) {
        if (Math.multiplyHigh(a, b) != (a * b) >> 63) {
            throw overflow();
        }
        return a * b;
    }

    /** {@code HH:MM:SS}, {@code HH:MM}, or {@code MM:SS.fraction}. */
    private void time(String text, int sign) {
        String[] parts = text.split(":", -1);
        if (parts.length > 3) {
            throw syntax;
        }
        String last = parts[parts.length - 1];
        int point = last.indexOf('.');
        double fraction = point < 0 ? 0 : fraction(last.substring(point), false);
        String lastWhole = point < 0 ? last : last.substring(0, point);
        if (parts[0].isEmpty() || parts[1].isEmpty() || lastWhole.isEmpty()) {
            throw unclear();
        }
        boolean minutesFirst = parts.length == 2 && (point >= 0 || fields == IntervalFields.MINUTE_TO_SECOND);
        long first = whole(parts[0], false);
        long second = whole(parts.length == 2 ? lastWhole : parts[1], false);
        long hours = minutesFirst ? 0 : first;
        long minutes = minutesFirst ? first : second;
        long seconds = minutesFirst ? second : parts.length == 3 ? whole(lastWhole, false) : 0;
        if (minutes > 59 || seconds > 60) {
            throw overflow();
        }
        long micro = (long) Math.rint(fraction * Calendar.MICROS_PER_SECOND);
        long sum = plus(times(hours, Calendar.MICROS_PER_HOUR), minutes * Calendar.MICROS_PER_MINUTE);
        sum = plus(sum, seconds * Calendar.MICROS_PER_SECOND + micro);
        micros = plus(micros, sign * sum);
        markAll(EnumSet.of(Unit.HOUR, Unit.MINUTE, Unit.SECOND, Unit.MILLISECOND, Unit.MICROSECOND));
    }

    /** {@code P1Y2M3DT4H5M6S}, in any order and repeatedly, or {@code P0001-02-03T04:05:06}. */
    private void readIso() {
        boolean timePart = false;
        int at = 1;
        if (literal.length() < 2) {
            throw syntax;
        }
        boolean empty = true;
        while (at < literal.length()) {
            if (literal.charAt(at) == 'T') {
                if (timePart) {
                    throw unclear();
                }
                timePart = true;
                empty = true;
                at++;
                continue;
            }
            int from = at;
            boolean negative = literal.charAt(at) == '-';
            if (negative) {
                at++;
            }
            int digitsFrom = at;
            while (at < literal.length() && Blanks.isDigit(literal.charAt(at))) {
                at++;
            }
            int digitsEnd = at;
            double fraction = 0;
            if (at < literal.length() && literal.charAt(at) == '.') {
                at++;
                while (at < literal.length() && Blanks.isDigit(literal.charAt(at))) {
                    at++;
                }
                fraction = fraction(literal.substring(digitsEnd, at), negative);
            }
            if (digitsEnd == digitsFrom || at == literal.length()) {
                throw unclear();
            }
            long whole = whole(literal.substring(digitsFrom, digitsEnd), negative);
            char designator = literal.charAt(at);
            if ((designator == '-' || designator == ':') && empty) {
                at = alternativePart(from, timePart);
            } else {
                isoField(designator, timePart, whole, fraction);
                at++;
            }
            empty = false;
        }
        if (empty) {
            throw unclear();
        }
    }

    private void isoField(char designator, boolean timePart, long whole, double fraction) {
        if (timePart) {
            switch (designator) {
                case 'H' -> add(Unit.HOUR, whole, fraction);
                case 'M' -> add(Unit.MINUTE, whole, fraction);
                case 'S' -> add(Unit.SECOND, whole, fraction);
                default -> throw unclear();
            }
        } else {
            switch (designator) {
                case 'Y' -> add(Unit.YEAR, whole, fraction);
                case 'M' -> add(Unit.MONTH, whole, fraction);
                case 'W' -> add(Unit.WEEK, whole, fraction);
                case 'D' -> add(Unit.DAY, whole, fraction);
                default -> throw unclear();
            }
        }
    }

    /** Three numbers without signs; where it ends. */
    private int alternativePart(int from, boolean timePart) {
        int end = timePart ? literal.length() : literal.indexOf('T', from);
        if (end < 0) {
            end = literal.length();
        }
        String[] parts = literal.substring(from, end).split(timePart ? ":" : "-", -1);
        boolean numbers = parts.length == 3;
        for (String part : parts) {
            numbers &= !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
        }
        if (!numbers) {
            throw unclear();
        }
        add(timePart ? Unit.HOUR : Unit.YEAR, whole(parts[0], false), 0);
        add(timePart ? Unit.MINUTE : Unit.MONTH, whole(parts[1], false), 0);
        add(timePart ? Unit.SECOND : Unit.DAY, whole(parts[2], false), 0);
        return end;
    }

    private static Map<String, Unit> units() {
        return Map.ofEntries(
                Map.entry("us", Unit.MICROSECOND),
                Map.entry("usec", Unit.MICROSECOND),
                Map.entry("usecs", Unit.MICROSECOND),
                Map.entry("useconds", Unit.MICROSECOND),
                Map.entry("microsecon", Unit.MICROSECOND),
                Map.entry("ms", Unit.MILLISECOND),
                Map.entry("msec", Unit.MILLISECOND),
                Map.entry("msecs", Unit.MILLISECOND),
                Map.entry("mseconds", Unit.MILLISECOND),
                Map.entry("millisecon", Unit.MILLISECOND),
                Map.entry("s", Unit.SECOND),
                Map.entry("sec", Unit.SECOND),
                Map.entry("secs", Unit.SECOND),
                Map.entry("second", Unit.SECOND),
                Map.entry("seconds", Unit.SECOND),
                Map.entry("m", Unit.MINUTE),
                Map.entry("min", Unit.MINUTE),
                Map.entry("mins", Unit.MINUTE),
                Map.entry("minute", Unit.MINUTE),
                Map.entry("minutes", Unit.MINUTE),
                Map.entry("h", Unit.HOUR),
                Map.entry("hr", Unit.HOUR),
                Map.entry("hrs", Unit.HOUR),
                Map.entry("hour", Unit.HOUR),
                Map.entry("hours", Unit.HOUR),
                Map.entry("d", Unit.DAY),
                Map.entry("day", Unit.DAY),
                Map.entry("days", Unit.DAY),
                Map.entry("w", Unit.WEEK),
                Map.entry("week", Unit.WEEK),
                Map.entry("weeks", Unit.WEEK),
                Map.entry("mon", Unit.MONTH),
                Map.entry("mons", Unit.MONTH),
                Map.entry("month", Unit.MONTH),
                Map.entry("months", Unit.MONTH),
                Map.entry("y", Unit.YEAR),
                Map.entry("yr", Unit.YEAR),
                Map.entry("yrs", Unit.YEAR),
                Map.entry("year", Unit.YEAR),
                Map.entry("years", Unit.YEAR),
                Map.entry("dec", Unit.DECADE),
                Map.entry("decs", Unit.DECADE),
                Map.entry("decade", Unit.DECADE),
                Map.entry("decades", Unit.DECADE),
                Map.entry("c", Unit.CENTURY),
                Map.entry("cent", Unit.CENTURY),
                Map.entry("century", Unit.CENTURY),
                Map.entry("centuries", Unit.CENTURY),
                Map.entry("mil", Unit.MILLENNIUM),
                Map.entry("mils", Unit.MILLENNIUM),
                Map.entry("millennia", Unit.MILLENNIUM),
                Map.entry("millennium", Unit.MILLENNIUM));
    }
}
