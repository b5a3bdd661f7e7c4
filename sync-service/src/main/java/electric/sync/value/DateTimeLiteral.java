package electric.sync.value;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A literal of date, time, timetz, timestamp or timestamptz, read as Postgres does under {@code DateStyle = 'ISO, DMY'} and
 * {@code TimeZone = UTC}. Words that mean the present are refused, as is what only Postgres can be trusted to understand.
 */
final class DateTimeLiteral {
    private static final Map<String, Integer> MONTHS = Map.ofEntries(
            Map.entry("jan", 1),
            Map.entry("january", 1),
            Map.entry("feb", 2),
            Map.entry("february", 2),
            Map.entry("mar", 3),
            Map.entry("march", 3),
            Map.entry("apr", 4),
            Map.entry("april", 4),
            Map.entry("may", 5),
            Map.entry("jun", 6),
            Map.entry("june", 6),
            Map.entry("jul", 7),
            Map.entry("july", 7),
            Map.entry("aug", 8),
            Map.entry("august", 8),
            Map.entry("sep", 9),
            Map.entry("sept", 9),
            Map.entry("september", 9),
            Map.entry("oct", 10),
            Map.entry("october", 10),
            Map.entry("nov", 11),
            Map.entry("november", 11),
            Map.entry("dec", 12),
            Map.entry("december", 12));
    private static final Set<String> DAYS_OF_WEEK = Set.of(
            "sun",
            "sunday",
            "mon",
            "monday",
            "tue",
            "tues",
            "tuesday",
            "wed",
            "weds",
            "wednesday",
            "thu",
            "thur",
            "thurs",
            "thursday",
            "fri",
            "friday",
            "sat",
            "saturday");
    private static final Set<String> FIXED = Set.of("epoch", "infinity");
    private static final Set<String> PRESENT = Set.of("now", "today", "tomorrow", "yesterday");
    private static final Set<String> UNITS =
            Set.of("d", "h", "isoyear", "m", "mm", "s", "y", "dow", "doy", "isodow", "dst");
    private static final Set<String> OTHERS =
            Set.of("ad", "bc", "am", "pm", "at", "on", "t", "j", "jd", "julian", "allballs");

    /** Postgres's arithmetic overflows for some beyond. */
    private static final int LARGEST_YEAR = 6_000_000;

    enum Special {
        NONE,
        EPOCH,
        INFINITY,
        MINUS_INFINITY
    }

    private enum Half {
        AM,
        PM
    }

    private final String literal;
    private final InvalidValue syntax;
    private final boolean timeOnly;

    private Special special = Special.NONE;
    private @Nullable Integer year;
    private @Nullable Integer month;
    private @Nullable Integer day;
    private @Nullable Integer dayOfYear;
    private @Nullable Long julian;
    private boolean monthIsName;
    private boolean shortYear;
    private @Nullable Boolean bc;
    private boolean dayOfWeek;

    private @Nullable Long time;
    private int hour;
    private @Nullable Half half;
    private @Nullable Integer offset;
    private TimeZones.@Nullable Zone zone;
    private @Nullable String unit;

    private DateTimeLiteral(String literal, String type, boolean timeOnly) {
        this.literal = literal;
        this.timeOnly = timeOnly;
        syntax = InvalidValue.dateTimeSyntax(type, literal);
    }

    /** With a date, or a special value. */
    static DateTimeLiteral read(String literal, String type) {
        DateTimeLiteral read = new DateTimeLiteral(literal, type, false);
        read.readWords();
        if (read.special == Special.NONE) {
            if (!read.hasDate()) {
                throw read.syntax;
            }
            read.refuseWrongFields();
        }
        return read;
    }

    /** With a time of day; the date may be there and matters only to the offset of a zone. */
    static DateTimeLiteral readTime(String literal, String type) {
        DateTimeLiteral read = new DateTimeLiteral(literal, type, true);
        read.readWords();
        boolean zoneNeedsDate = read.zone instanceof TimeZones.Named && !read.hasDate();
        if (read.special != Special.NONE || read.time == null || zoneNeedsDate || (read.sawDate() && !read.hasDate())) {
            throw read.syntax;
        }
        read.refuseWrongFields();
        return read;
    }

    /** Also of a part that the type does not keep. */
    private void refuseWrongFields() {
        if (hasDate()) {
            days();
        }
        micros();
    }

    /** Whether letters directly before digits are a word, and not the beginning of a time zone's name. */
    static boolean isWord(String name) {
        return MONTHS.containsKey(name)
                || DAYS_OF_WEEK.contains(name)
                || FIXED.contains(name)
                || PRESENT.contains(name)
                || UNITS.contains(name)
                || OTHERS.contains(name);
    }

    Special special() {
        return special;
    }

    long days() {
        if (julian != null) {
            // Julian day 0 is 4714-11-24 BC.
            return julian + Date.FIRST;
        }
        int fullYear = fullYear();
        if (dayOfYear != null) {
            // The 366th of a year that has none is the next year's first.
            return Calendar.days(fullYear, 1, 1) + dayOfYear - 1;
        }
        if (month == null || day == null) {
            throw syntax;
        }
        if (month < 1 || month > 12 || day < 1 || day > Calendar.daysOfMonth(fullYear, month)) {
            throw InvalidValue.fieldOutOfRange(literal);
        }
        return Calendar.days(fullYear, month, day);
    }

    private int fullYear() {
        if (year == null) {
            throw syntax;
        }
        if (year > LARGEST_YEAR) {
            throw unclear();
        }
        if (bc != null && bc) {
            if (year <= 0) {
                throw InvalidValue.fieldOutOfRange(literal);
            }
            return 1 - year;
        }
        if (shortYear) {
            return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
        }
        if (year <= 0) {
            throw InvalidValue.fieldOutOfRange(literal);
        }
        return year;
    }

    /** Since midnight; a day where 24:00 was written. */
    long micros() {
        long written = time == null ? 0 : time;
        if (half == null) {
            return written;
        }
        if (hour > 12) {
            throw InvalidValue.fieldOutOfRange(literal);
        }
        long fromNoon = hour == 12 ? written - 12 * Calendar.MICROS_PER_HOUR : written;
        return half == Half.AM ? fromNoon : fromNoon + 12 * Calendar.MICROS_PER_HOUR;
    }

    /** In seconds east. */
    int offsetOrUtc() {
        if (zone != null) {
            return zone instanceof TimeZones.Fixed fixed
                    ? fixed.offset()
                    : zone.offsetOfLocal(days() * Calendar.MICROS_PER_DAY + micros());
        }
        return offset == null ? 0 : offset;
    }

    private boolean hasDate() {
        return julian != null || (year != null && (dayOfYear != null || (month != null && day != null)));
    }

    private boolean sawDate() {
        return julian != null || year != null || month != null || day != null;
    }

    private NotExact unclear() {
        return new NotExact("a date or time literal that only Postgres can be trusted to understand");
    }

    private void readWords() {
        List<DateTimeWord> words = DateTimeWord.cut(literal, syntax);
        for (int i = 0; i < words.size(); i++) {
            DateTimeWord word = words.get(i);
            if (special != Special.NONE) {
                throw unclear();
            }
            switch (word.kind()) {
                case NUMBER -> number(word.text(), words);
                case DATE -> date(word.text(), i, words);
                case TIME -> time(word.text());
                case SIGNED -> offset(word.text());
                case SIGNED_NAME -> signedName(word.text(), words);
                case NAME -> name(word.text(), i, words);
            }
            // A unit belongs to the word after it.
            if (unit != null && word.kind() != DateTimeWord.Kind.NAME) {
                unit = null;
            }
        }
        if (unit != null || words.isEmpty()) {
            throw syntax;
        }
    }

    private void number(String text, List<DateTimeWord> words) {
        int point = text.indexOf('.');
        if (unit != null) {
            numberOfUnit(unit, text, point);
        } else if (timeOnly && !hasDate()) {
            if (words.stream().anyMatch(word -> word.kind() == DateTimeWord.Kind.DATE)) {
                throw unclear();
            }
            timeInOne(text, point);
        } else if (point >= 0 && !sawDate()) {
            dateParts(text);
        } else if (point >= 0) {
            if (point <= 2) {
                throw unclear();
            }
            timeInOne(text, point);
        } else if (text.length() >= 6 && !sawDate()) {
            dateInOne(text);
        } else if (text.length() >= 6 && time == null) {
            timeInOne(text, -1);
        } else {
            dateNumber(text);
        }
    }

    private void numberOfUnit(String ofUnit, String text, int point) {
        if (ofUnit.equals("t")) {
            timeInOne(text, point);
            return;
        }
        if (point >= 0 || sawDate() || text.length() > 9) {
            throw unclear();
        }
        julian = Long.parseLong(text);
    }

    /** {@code YYYYMMDD}, or with any other digits of year. */
    private void dateInOne(String text) {
        int size = text.length();
        year = integer(text.substring(0, size - 4));
        month = integer(text.substring(size - 4, size - 2));
        day = integer(text.substring(size - 2));
        shortYear = size == 6;
    }

    /** {@code HHMMSS}, a fraction after it, or {@code HHMM}. */
    private void timeInOne(String text, int point) {
        int size = point < 0 ? text.length() : point;
        if (time != null) {
            throw syntax;
        }
        if (size != 6 && (size != 4 || point >= 0)) {
            throw unclear();
        }
        int seconds = size == 6 ? integer(text.substring(4, 6)) : 0;
        int minutes = integer(text.substring(2, 4));
        hour = integer(text.substring(0, 2));
        if (hour > 23 || minutes > 59 || seconds > 59) {
            throw unclear();
        }
        time = micros(hour, minutes, seconds) + (point < 0 ? 0 : fraction(text.substring(point)));
    }

    private void date(String text, int at, List<DateTimeWord> words) {
        boolean zoneHere = Blanks.isLetter(text.charAt(0)) && hasDate();
        if (timeOnly) {
            boolean mayBeDate = at == 0
                    && words.size() >= 2
                    && (words.getLast().kind() == DateTimeWord.Kind.DATE
                            || words.get(1).kind() == DateTimeWord.Kind.TIME);
            zoneHere = !mayBeDate && Blanks.isLetter(text.charAt(0));
            if (!mayBeDate && !zoneHere) {
                throw unclear();
            }
        }
        if (zoneHere) {
            zone(text);
        } else if (unit != null || hasDate() || (month != null && day != null)) {
            throw unclear();
        } else {
            dateParts(text);
            if (!hasDate()) {
                throw syntax;
            }
        }
    }

    /** Numbers and a month's name, anything between them. The name is understood before the numbers. */
    private void dateParts(String text) {
        if (time != null || dayOfWeek || half != null || bc != null) {
            // Only an offset may come before a date in one piece.
            throw syntax;
        }
        List<String> parts = new java.util.ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int from = at;
            while (at < text.length() && Blanks.isDigit(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                while (at < text.length() && Blanks.isLetter(text.charAt(at))) {
                    at++;
                }
            }
            if (at == from) {
                throw unclear();
            }
            parts.add(text.substring(from, at));
            if (at < text.length()) {
                if (Blanks.isDigit(text.charAt(at)) || Blanks.isLetter(text.charAt(at))) {
                    throw unclear();
                }
                at++;
            }
        }
        for (String part : parts) {
            if (Blanks.isLetter(part.charAt(0))) {
                Integer named = MONTHS.get(part);
                if (named == null) {
                    // A word, as in a zone before its date, or nothing at all.
                    throw unclear();
                }
                if (month != null) {
                    throw unclear();
                }
                month = named;
                monthIsName = true;
            }
        }
        for (String part : parts) {
            if (Blanks.isDigit(part.charAt(0))) {
                if (hasDate()) {
                    throw syntax;
                }
                dateNumber(part);
            }
        }
        if (!hasDate()) {
            throw syntax;
        }
    }

    /** Which field a number is follows from those before it; in the order day, month, year unless it has three digits. */
    private void dateNumber(String text) {
        int size = text.length();
        int value = integer(text);
        if (hasDate()) {
            if (size != 4 && size != 6) {
                throw syntax;
            }
            timeInOne(text, -1);
        } else if (size == 3 && year != null && month == null && day == null && value >= 1 && value <= 366) {
            dayOfYear = value;
        } else if (year == null && month == null && day == null) {
            if (size >= 3) {
                year(value, size);
            } else {
                day = value;
            }
        } else if (month == null) {
            month = value;
        } else if (year == null && day == null) {
            if (size >= 3) {
                year(value, size);
            } else {
                day = value;
            }
        } else if (year == null) {
            year(value, size);
        } else if (monthIsName && size >= 3 && shortYear) {
            day = year;
            year(value, size);
        } else {
            day = value;
        }
    }

    private void year(int value, int size) {
        year = value;
        shortYear = size <= 2;
    }

    private void time(String text) {
        if (time != null) {
            throw syntax;
        }
        String[] parts = text.split(":", -1);
        String last = parts[parts.length - 1];
        int point = last.indexOf('.');
        String whole = point < 0 ? last : last.substring(0, point);
        long micros = point < 0 ? 0 : fraction(last.substring(point));
        boolean numbers = parts.length <= 3 && isNumber(whole);
        for (int i = 0; i < parts.length - 1; i++) {
            numbers &= isNumber(parts[i]);
        }
        if (!numbers) {
            throw unclear();
        }
        int first = integer(parts[0]);
        int second = parts.length == 3 ? integer(parts[1]) : integer(whole);
        // Two fields and a fraction are minutes and seconds.
        boolean noHour = parts.length == 2 && point >= 0;
        hour = noHour ? 0 : first;
        int minutes = noHour ? first : second;
        int seconds = noHour ? second : parts.length == 3 ? integer(whole) : 0;
        if (minutes > 59 || seconds > 60 || hour > 24) {
            throw InvalidValue.fieldOutOfRange(literal);
        }
        long sum = micros(hour, minutes, seconds) + micros;
        if (sum > Calendar.MICROS_PER_DAY) {
            throw InvalidValue.fieldOutOfRange(literal);
        }
        time = sum;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long micros(int hours, int minutes, int seconds) {
        return hours * Calendar.MICROS_PER_HOUR
                + minutes * Calendar.MICROS_PER_MINUTE
                + seconds * Calendar.MICROS_PER_SECOND;
    }

    /** Of a point and digits; by way of a double, as Postgres. */
    private long fraction(String text) {
        if (!isNumber(text.substring(1)) && text.length() > 1) {
            throw syntax;
        }
        return text.length() == 1 ? 0 : (long) Math.rint(Double.parseDouble("0" + text) * Calendar.MICROS_PER_SECOND);
    }

    private int integer(String digits) {
        if (digits.length() > 9) {
            throw unclear();
        }
        return Integer.parseInt(digits);
    }

    /** {@code +02}, {@code +0230}, {@code +02:30}, {@code +02:30:15}. */
    private void offset(String text) {
        refuseSecondZone();
        String[] parts = text.substring(1).split(":", -1);
        for (String part : parts) {
            if (!isNumber(part) || part.length() > 4) {
                throw unclear();
            }
        }
        int first = integer(parts[0]);
        boolean inOne = parts.length == 1 && parts[0].length() > 2;
        int hours = inOne ? first / 100 : first;
        int minutes = inOne ? first % 100 : parts.length > 1 ? integer(parts[1]) : 0;
        int seconds = parts.length > 2 ? integer(parts[2]) : 0;
        if (parts.length > 3) {
            throw syntax;
        }
        if (hours > 15 || minutes > 59 || seconds > 59) {
            throw InvalidValue.of("22009", "time zone displacement out of range: \"" + literal + "\"");
        }
        int size = hours * 3600 + minutes * 60 + seconds;
        offset = text.charAt(0) == '-' ? -size : size;
    }

    private void refuseSecondZone() {
        if (offset != null || zone != null) {
            throw syntax;
        }
    }

    private void signedName(String text, List<DateTimeWord> words) {
        if (words.size() > 1 || !text.substring(1).equals("infinity")) {
            throw unclear();
        }
        special = text.charAt(0) == '-' ? Special.MINUS_INFINITY : Special.INFINITY;
    }

    private void name(String text, int at, List<DateTimeWord> words) {
        if (unit != null) {
            throw unclear();
        }
        Integer named = MONTHS.get(text);
        if (named != null) {
            monthName(named);
            return;
        }
        if (DAYS_OF_WEEK.contains(text)) {
            if (dayOfWeek || timeOnly) {
                throw timeOnly ? unclear() : syntax;
            }
            dayOfWeek = true;
            return;
        }
        if (FIXED.contains(text)) {
            if (words.size() > 1) {
                throw unclear();
            }
            special = text.equals("epoch") ? Special.EPOCH : Special.INFINITY;
            return;
        }
        if (PRESENT.contains(text)) {
            throw syntax;
        }
        if (UNITS.contains(text)) {
            throw unclear();
        }
        switch (text) {
            case "ad", "bc" -> {
                if (bc != null || timeOnly) {
                    throw timeOnly ? unclear() : syntax;
                }
                bc = text.equals("bc");
            }
            case "am", "pm" -> {
                if (half != null) {
                    throw syntax;
                }
                half = text.equals("am") ? Half.AM : Half.PM;
            }
            case "at", "on" -> {
                // Postgres skips these.
            }
            case "t" -> isoTime(at, words);
            case "j", "jd", "julian" -> {
                if (timeOnly) {
                    throw unclear();
                }
                unit = text;
            }
            case "allballs" -> {
                if (time != null) {
                    throw syntax;
                }
                refuseSecondZone();
                time = 0L;
                offset = 0;
            }
            default -> zone(text);
        }
    }

    private void isoTime(int at, List<DateTimeWord> words) {
        if (!hasDate() && !timeOnly) {
            throw syntax;
        }
        if (at + 1 == words.size()) {
            throw syntax;
        }
        DateTimeWord.Kind next = words.get(at + 1).kind();
        if (next != DateTimeWord.Kind.NUMBER && next != DateTimeWord.Kind.TIME) {
            throw unclear();
        }
        unit = "t";
    }

    private void monthName(int value) {
        if (timeOnly) {
            throw unclear();
        }
        if (julian != null || dayOfYear != null) {
            throw syntax;
        }
        if (month != null) {
            // It was read as a number that turns out to be the day.
            if (monthIsName || day != null || month < 1 || month > 31) {
                throw syntax;
            }
            day = month;
        }
        month = value;
        monthIsName = true;
    }

    private void zone(String name) {
        refuseSecondZone();
        zone = TimeZones.find(name).orElseThrow(this::unclear);
    }
}
