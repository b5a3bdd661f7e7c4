package electric.sync.value;

import java.nio.charset.StandardCharsets;

/** Slices of what Postgres wrote. */
final class Output {
    private Output() {}

    static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Not Postgres's canonical output: its session does not have the display settings, or the type is another. */
    static NotExact unreadable(String type) {
        return new NotExact("a value is not Postgres's output of the type " + type);
    }
}
