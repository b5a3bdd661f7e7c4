package electric.sync.value;

import java.util.regex.Pattern;

/** What C's {@code strtod} reads, blanks around it allowed: decimal or hexadecimal digits, an infinity or a NaN. */
record FloatLiteral(String type, String number) {
    private static final Pattern HEXADECIMAL =
            Pattern.compile("0x(?:[0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(?:p[-+]?[0-9]+)?");
    private static final Pattern ZERO = Pattern.compile("[-+]?(?:0x[0.]*p|[0.]*(?:[eE]|$)).*");

    static FloatLiteral read(String literal, String type) {
        String number = Blanks.trim(literal);
        int at = 0;
        if (at < number.length() && (number.charAt(at) == '+' || number.charAt(at) == '-')) {
            at++;
        }
        String unsigned = Blanks.lower(number.substring(at));
        String sign = at == 1 && number.charAt(0) == '-' ? "-" : "";
        switch (unsigned) {
            case "inf", "infinity" -> {
                return new FloatLiteral(type, sign + "Infinity");
            }
            case "nan" -> {
                return new FloatLiteral(type, "NaN");
            }
            default -> {
                if (HEXADECIMAL.matcher(unsigned).matches()) {
                    return new FloatLiteral(type, sign + unsigned + (unsigned.indexOf('p') < 0 ? "p0" : ""));
                }
                // Some C libraries read more than others here.
                if (unsigned.startsWith("nan(")) {
                    throw new NotExact("a floating-point literal whose meaning depends on the server's C library");
                }
            }
        }
        if (!isDecimal(unsigned)) {
            throw InvalidValue.syntax(type, literal);
        }
        return new FloatLiteral(type, number);
    }

    private static boolean isDecimal(String text) {
        int end = digits(text, 0);
        int count = end;
        if (end < text.length() && text.charAt(end) == '.') {
            int point = end;
            end = digits(text, end + 1);
            count += end - point - 1;
        }
        if (count == 0) {
            return false;
        }
        if (end < text.length() && text.charAt(end) == 'e') {
            int at = end + 1;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            end = digits(text, at);
            return end > at && end == text.length();
        }
        return end == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && Blanks.isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    boolean isFinite() {
        return !number.endsWith("N") && !number.endsWith("y");
    }

    boolean isZero() {
        return ZERO.matcher(number).matches();
    }

    double toDouble() {
        return Double.parseDouble(number);
    }

    float toFloat() {
        return Float.parseFloat(number);
    }

    InvalidValue outOfRange() {
        return InvalidValue.of("22003", "\"" + number + "\" is out of range for type " + type);
    }
}
