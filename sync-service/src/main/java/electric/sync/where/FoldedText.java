package electric.sync.where;

import electric.sync.value.CaseMapping;
import electric.sync.value.Text;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text of one column in the lower case of one collation, made once per row however many patterns are looked for in it. */
public final class FoldedText {
    private static final int ASCII = 0x80;

    /** A buffer longer than this is not kept for the next row. */
    private static final int LONGEST_KEPT = 64 * 1024;

    final CaseMapping casing;

    /** Of the same column by other rules. */
    final @Nullable FoldedText next;

    private final byte[] lowerAscii = new byte[ASCII];
    private final boolean asciiStaysAscii;
    private byte[] bytes = {};
    private int length;
    private long turn;

    FoldedText(CaseMapping casing, @Nullable FoldedText next) {
        this.casing = casing;
        this.next = next;
        boolean staysAscii = true;
        for (int c = 0; c < ASCII; c++) {
            int lower = casing.lower(c);
            staysAscii &= lower < ASCII;
            lowerAscii[c] = (byte) lower;
        }
        this.asciiStaysAscii = staysAscii;
    }

    /** @param row which row the text is of: with the same, nothing is done again */
    void fold(long row, byte[] text, int from, int size) {
        if (turn == row) {
            return;
        }
        turn = row;
        if (bytes.length < size || bytes.length > LONGEST_KEPT) {
            bytes = new byte[size];
        }
        length = size;
        for (int i = 0; i < size; i++) {
            byte b = text[from + i];
            if (b < 0 || !asciiStaysAscii) {
                bytes = Text.utf8(casing.lower(new String(text, from, size, StandardCharsets.UTF_8)));
                length = bytes.length;
                return;
            }
            bytes[i] = lowerAscii[b];
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }
}
