package electric.sync.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonBytesTest {
    private static String written(String text) {
        byte[] utf8 = ("##" + text + "##").getBytes(UTF_8);
        JsonBytes out = new JsonBytes(1);
        out.raw((byte) '"').text(utf8, 2, utf8.length - 4).raw((byte) '"');
        return new String(out.array(), 0, out.length(), UTF_8);
    }

    @Test
    void escapesWhatJsonNeedsAndNothingElse() {
        assertThat(written("a\"b\\c/d\n\t\r\b\f\u0001\u001f\u007fé€😀"))
                .isEqualTo("\"a\\\"b\\\\c/d\\n\\t\\r\\b\\f\\u0001\\u001f\u007fé€😀\"");
    }

    @Test
    void isReadBackByAJsonParserForAnyText() {
        long seed = System.nanoTime();
        System.out.println("JsonBytesTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                switch (random.nextInt(5)) {
                    case 0 -> text.append((char) random.nextInt(0x20));
                    case 1 -> text.append(random.nextBoolean() ? '"' : '\\');
                    case 2 -> text.appendCodePoint(0x80 + random.nextInt(0x700));
                    case 3 -> text.appendCodePoint(0x1F600 + random.nextInt(50));
                    default -> text.append((char) (' ' + random.nextInt(95)));
                }
            }
            assertThat(JsonMapper.shared().readValue(written(text.toString()), String.class))
                    .as("seed %s", seed)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void doublesSlashesInKeys() { // HTTP-146
        JsonBytes out = new JsonBytes(1);
        byte[] utf8 = "/a//\"b/".getBytes(UTF_8);
        out.keyText(utf8, 0, utf8.length);
        assertThat(new String(out.array(), 0, out.length(), UTF_8)).isEqualTo("//a////\\\"b//");
    }

    @Test
    void writesNumbers() {
        JsonBytes out = new JsonBytes(1);
        for (long n : new long[] {0, 9, 10, 12345, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            out.clear();
            out.decimal(n);
            assertThat(new String(out.array(), 0, out.length(), UTF_8)).isEqualTo(Long.toUnsignedString(n));
        }
    }
}
