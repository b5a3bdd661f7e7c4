package electric.sync.value;

import java.util.List;
import org.junit.jupiter.api.Test;

/** WHERE-095 and the extensions that read JSON. */
final class JsonbTest {
    private static final List<String> LITERALS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1",
            "1.0",
            "1.00",
            "-1.5e3",
            "1e5",
            "1E-3",
            "1e+2",
            "12345678901234567890.12345678901234567890",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1a",
            "0x10",
            "NaN",
            "Infinity",
            "\"\"",
            "\"a\"",
            "\"b\"",
            "\"aa\"",
            "\"é\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83dx\"",
            "\"\\u0000\"",
            "\"\\u0001\\u001f\\u007f\"",
            "\"\\n\\t\\r\\b\\f\\/\\\\\\\"\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"a",
            "\"a\nb\"",
            "'a'",
            "[]",
            "[ ]",
            "[1]",
            "[1,2,3]",
            "[1, \"a\", null, true, {\"b\": []}]",
            "[[1],[2,[3]]]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[",
            "]",
            "{}",
            "{ }",
            "{\"a\":1}",
            "{\"a\": 1.0}",
            "{\"a\":1,\"b\":2}",
            "{\"b\":2,\"a\":1}",
            "{\"a\":1,\"a\":2}",
            "{\"aa\":1,\"b\":2}",
            "{\"é\":1,\"zz\":2,\"z\":3}",
            "{\"a\":{\"b\":{\"c\":[1,2,{\"d\":null}]}}}",
            "{\"\":\"\"}",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:2}",
            "{\"a\":1 \"b\":2}",
            "",
            " ",
            " 1 ",
            "\t[\n1\r]\t",
            "1 2",
            "nul",
            "nulll",
            "null_",
            "TRUE",
            "truex",
            "{\"a\":1}x",
            "\u00a01");

    private static final String ALPHABET = "{}[]\",:\\ 01.eEtrufalsn-+\tab";

    @Test
    void charactersBeyondTheFirstPlaneAreKept() {
        Agreement.onLiterals(PgType.JSONB, List.of("\"😀\"", "{\"😀\": \"\\ud83d\\ude00\"}"), 0);
    }

    @Test
    void jsonbIsReadAndWrittenAsPostgres() {
        Agreement.onLiterals(PgType.JSONB, Agreement.withMutants(LITERALS, 6000, ALPHABET), 0);
    }

    @Test
    void jsonbIsOrderedAsPostgres() {
        Agreement.onOrder(PgType.JSONB, Agreement.withMutants(LITERALS, 1000, ALPHABET), 6000);
    }

    @Test
    void jsonIsReadAndKeptAsPostgres() {
        Agreement.onLiterals(
                PgType.JSON,
                Agreement.withMutants(LITERALS, 3000, ALPHABET).stream()
                        .filter(literal -> !literal.contains("\\u"))
                        .toList(),
                0);
    }
}
