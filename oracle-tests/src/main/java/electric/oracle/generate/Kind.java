package electric.oracle.generate;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A type of column, with values that are near each other, so that filters tell them apart, and some at its bounds. */
enum Kind {
    TEXT(
            "text",
            List.of(
                    "''",
                    "'NULL'",
                    "E'a/b\\\\c \"d\" \\n\\t'",
                    "'ünïcödé 日本 😀'",
                    "repeat('long', 1000)",
                    "repeat('longer', 700)")),
    VARCHAR("varchar(40)", List.of("''", "'trailing  '")),
    BPCHAR("char(6)", List.of("''", "'ab/c'")),
    UUID_("uuid", List.of("'00000000-0000-0000-0000-000000000000'")),
    INT2("int2", List.of("-32768", "32767", "0")),
    INT4("int4", List.of("-2147483648", "2147483647", "0")),
    INT8("int8", List.of("-9223372036854775808", "9223372036854775807", "0")),
    NUMERIC("numeric(12,3)", List.of("0", "'NaN'", "-999999999.999")),
    FLOAT8("float8", List.of("'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "5e-324")),
    BOOL("bool", List.of("true", "false")),
    DATE("date", List.of("'infinity'", "'-infinity'", "'0044-03-15 BC'")),
    TIMESTAMP("timestamp", List.of("'infinity'", "'1999-12-31 23:59:59.999999'")),
    TIMESTAMPTZ("timestamptz", List.of("'-infinity'", "'2024-03-31 02:30:00+01'")),
    INTERVAL("interval", List.of("'1 mon -1 day 00:00:00.000001'", "'0'")),
    INT4S("int4[]", List.of("'{}'", "'{NULL}'")),
    TEXTS("text[]", List.of("'{}'", "'{\"a,b\",NULL,\"\\\"\"}'")),
    JSONB("jsonb", List.of("'{}'", "'null'", "'{\"a\": [1, {\"b\": null}]}'")),
    BYTEA("bytea", List.of("'\\x'", "'\\x00ff5c27'"));

    /** Few, so that rows are alike and statements meet them. */
    static final int NEAR = 8;

    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> bounds;

    Kind(String type, List<String> bounds) {
        this.type = type;
        this.bounds = bounds;
    }

    String type() {
        return type;
    }

    boolean isArray() {
        return this == INT4S || this == TEXTS;
    }

    /** Whether its values can be told apart by {@code =}, ordered, and made a key of. */
    boolean isPlain() {
        return this != JSONB && this != INT4S && this != TEXTS;
    }

    /** Whether {@code <} on it means the same in every database. */
    boolean isOrdered() {
        return isPlain() && this != BOOL;
    }

    boolean isTextual() {
        return this == TEXT || this == VARCHAR;
    }

    boolean isNumber() {
        return this == INT2 || this == INT4 || this == INT8 || this == NUMERIC;
    }

    /** The n-th of many different values, as a literal. */
    String value(int n) {
        return switch (this) {
            case TEXT, VARCHAR -> "'v" + n + "'";
            case BPCHAR -> "'c" + n + "'";
            case UUID_ -> "'" + new UUID(0x4000L + n * 0x1234_0000L, 0x8000_0000_0000_0000L | n) + "'";
            case INT2, INT4, INT8 -> Integer.toString(n * 5);
            case NUMERIC -> n + "." + n % 10 + "5";
            case FLOAT8 -> n + ".5";
            case BOOL -> n % 2 == 0 ? "true" : "false";
            case DATE -> "'2024-02-" + twoDigits(1 + n % 28) + "'";
            case TIMESTAMP -> "'2024-02-29 " + twoDigits(n % 24) + ":" + twoDigits(n / 24 % 60) + ":00.5'";
            case TIMESTAMPTZ -> "'2024-02-29 " + twoDigits(n % 24) + ":" + twoDigits(n / 24 % 60) + ":00+00'";
            case INTERVAL -> "'" + n + " days 01:00:00'";
            case INT4S -> "'{" + n + "," + n / 2 + "}'";
            case TEXTS -> "'{t" + n + ",t" + n / 2 + "}'";
            case JSONB -> "'{\"a\": " + n + ", \"b\": \"t" + n / 2 + "\"}'";
            case BYTEA -> "'\\x0" + n % 10 + "ff'";
        };
    }

    /** One of few values, now and then one at a bound. */
    String value(Random random) {
        return random.nextInt(6) == 0 ? bounds.get(random.nextInt(bounds.size())) : value(random.nextInt(NEAR));
    }

    private static String twoDigits(int n) {
        return n < 10 ? "0" + n : Integer.toString(n);
    }
}
