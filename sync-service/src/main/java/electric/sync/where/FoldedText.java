package electric.sync.where;

import electric.sync.value.CaseMapping;
import electric.sync.value.Text;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text of one column in lower case, made once per row however many patterns are looked for in it. */
final class FoldedText {
    private static final int ASCII = 0x80;

    /** A buffer longer than this is not kept for the next row. */
    private static final int LONGEST_KEPT = 64 * 1024;

    private final byte[] lowerAscii = new byte[ASCII];
    private boolean asciiStaysAscii;
    private @Nullable CaseMapping casing;
    private byte[] bytes = {};
    private int length;
    private long turn;

    /** @param row which row the text is of: with the same, nothing is done again */
    void fold(long row, CaseMapping rules, byte[] text, int from, int size) {
        if (turn == row && casing == rules) {
            return;
        }
        if (casing != rules) {
            learn(rules);
        }
        turn = row;
        if (bytes.length < size || bytes.length > LONGEST_KEPT) {
            bytes = new byte[size];
        }
        length = size;
        for (int i = 0; i < size; i++) {
            byte b = text[from + i];
            if (b < 0 || !asciiStaysAscii) {
                bytes = Text.utf8(rules.lower(new String(text, from, size, StandardCharsets.UTF_8)));
                length = bytes.length;
                return;
            }
            bytes[i] = lowerAscii[b];
        }
    }

    private void learn(CaseMapping rules) {
        casing = rules;
        asciiStaysAscii = true;
        for (int c = 0; c < ASCII; c++) {
            int lower = rules.lower(c);
            asciiStaysAscii &= lower < ASCII;
            lowerAscii[c] = (byte) lower;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
