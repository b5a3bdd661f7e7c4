package electric.sync.value;

/** Dates and times as Postgres writes them in ISO style: read without allocation, and written. */
final class IsoText {
    private IsoText() {}

    /** The days of {@code YYYY-MM-DD} with at least four digits of year, which end at {@code end}. */
    static long days(byte[] bytes, int from, int end, boolean bc, String type) {
        int dash = end - 6;
        if (dash - from < 4 || bytes[dash] != '-' || bytes[dash + 3] != '-') {
            throw Output.unreadable(type);
        }
        int year = number(bytes, from, dash, type);
        return Calendar.days(bc ? 1 - year : year, two(bytes, dash + 1, type), two(bytes, dash + 4, type));
    }

    /** The microseconds of {@code HH:MM:SS} and up to six digits of fraction. */
    static long micros(byte[] bytes, int from, int end, String type) {
        int size = end - from;
        if (size < 8 || bytes[from + 2] != ':' || bytes[from + 5] != ':') {
            throw Output.unreadable(type);
        }
        long micros = two(bytes, from, type) * Calendar.MICROS_PER_HOUR
                + two(bytes, from + 3, type) * Calendar.MICROS_PER_MINUTE
                + two(bytes, from + 6, type) * Calendar.MICROS_PER_SECOND;
        if (size == 8) {
            return micros;
        }
        if (size < 10 || size > 15 || bytes[from + 8] != '.') {
            throw Output.unreadable(type);
        }
        int fraction = number(bytes, from + 9, end, type);
        for (int digits = size - 9; digits < 6; digits++) {
            fraction *= 10;
        }
        return micros + fraction;
    }

    static int two(byte[] bytes, int from, String type) {
        return number(bytes, from, from + 2, type);
    }

    static int number(byte[] bytes, int from, int end, String type) {
        int value = 0;
        for (int i = from; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw Output.unreadable(type);
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static boolean endsInBc(byte[] bytes, int from, int length) {
        int end = from + length;
        return length > 3 && bytes[end - 1] == 'C' && bytes[end - 2] == 'B' && bytes[end - 3] == ' ';
    }

    static boolean isInfinity(byte[] bytes, int from, int length) {
        return length == 8 && bytes[from] == 'i';
    }

    static boolean isMinusInfinity(byte[] bytes, int from, int length) {
        return length == 9 && bytes[from] == '-' && bytes[from + 1] == 'i';
    }

    /** Without the BC, which stands at the very end. */
    static void appendDate(StringBuilder text, long days) {
        int year = Calendar.year(days);
        int shown = year > 0 ? year : 1 - year;
        for (int width = 1000; width > 1 && shown < width; width /= 10) {
            text.append('0');
        }
        text.append(shown);
        appendTwo(text.append('-'), Calendar.month(days));
        appendTwo(text.append('-'), Calendar.day(days));
    }

    static void appendBc(StringBuilder text, long days) {
        if (Calendar.year(days) <= 0) {
            text.append(" BC");
        }
    }

    static void appendTime(StringBuilder text, long micros) {
        appendTwo(text, (int) (micros / Calendar.MICROS_PER_HOUR));
        appendTwo(text.append(':'), (int) (micros / Calendar.MICROS_PER_MINUTE % 60));
        appendTwo(text.append(':'), (int) (micros / Calendar.MICROS_PER_SECOND % 60));
        appendFraction(text, (int) (micros % Calendar.MICROS_PER_SECOND));
    }

    static void appendFraction(StringBuilder text, int micros) {
        if (micros == 0) {
            return;
        }
        text.append('.');
        int rest = micros;
        for (int width = 100_000; rest > 0; width /= 10) {
            text.append((char) ('0' + rest / width));
            rest %= width;
        }
    }

    static void appendTwo(StringBuilder text, int number) {
        if (number < 10) {
            text.append('0');
        }
        text.append(number);
    }
}
