package electric.sync.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right side of LIKE, compiled: {@code %} is any sequence, {@code _} one code point, a backslash makes the next
 * character ordinary. Matching compares bytes and allocates nothing. ILIKE is LIKE with both sides in lower case.
 */
public final class LikePattern {
    /** Not a byte of UTF-8. */
    private static final byte ANY_ONE = (byte) 0xFF;

    /** Beyond it a run is looked for in linear time, or not at all: text and pattern may be chosen to cost too much. */
    private static final int SHORT_RUN = 64;

    /**
     * The pattern between its {@code %} signs, each run a sequence of bytes and {@link #ANY_ONE}. The first is anchored at
     * the beginning, the last at the end; a single run is anchored at both.
     */
    private final byte[][] runs;

    /** For each long run, how much of it its first bytes end in that it also begins with (Knuth, Morris, Pratt). */
    private final int[] @Nullable [] borders;

    private final boolean endsInEscape;

    private LikePattern(byte[][] runs, boolean endsInEscape) {
        this.runs = runs;
        this.endsInEscape = endsInEscape;
        this.borders = new int[runs.length] @Nullable [];
        int last = endsInEscape ? runs.length : runs.length - 1;
        for (int r = 1; r < last; r++) {
            borders[r] = runs[r].length > SHORT_RUN && !isAnyOnes(runs[r]) ? borders(runs[r]) : null;
        }
    }

    private static int[] borders(byte[] run) {
        int[] borders = new int[run.length];
        int border = 0;
        for (int i = 1; i < run.length; i++) {
            if (run[i] == ANY_ONE || run[0] == ANY_ONE) {
                throw new NotExact("a pattern with _ among more than " + SHORT_RUN + " bytes between two %");
            }
            while (border > 0 && run[border] != run[i]) {
                border = borders[border - 1];
            }
            border += run[border] == run[i] ? 1 : 0;
            borders[i] = border;
        }
        return borders;
    }

    /** In every deterministic collation. */
    public static LikePattern like(String pattern) {
        byte[] bytes = Text.utf8(pattern);
        List<byte[]> runs = new ArrayList<>();
        byte[] run = new byte[bytes.length];
        int count = 0;
        boolean endsInEscape = false;
        for (int i = 0; i < bytes.length; i++) {
            switch (bytes[i]) {
                case '%' -> {
                    runs.add(Arrays.copyOf(run, count));
                    count = 0;
                }
                case '_' -> run[count++] = ANY_ONE;
                case '\\' -> {
                    i++;
                    if (i < bytes.length) {
                        run[count++] = bytes[i];
                    } else {
                        endsInEscape = true;
                    }
                }
                default -> run[count++] = bytes[i];
            }
        }
        runs.add(Arrays.copyOf(run, count));
        return new LikePattern(runs.toArray(byte[][]::new), endsInEscape);
    }

    /**
     * LIKE or ILIKE.
     *
     * @param casing by which the letters of the pattern are made small, as those of the text will be; {@code null} for LIKE
     */
    public static LikePattern of(String pattern, @Nullable CaseMapping casing) {
        return like(casing == null ? pattern : casing.lower(pattern));
    }

    /** Bytes that every match has in it somewhere, as many as can be said of one place; {@code null} where there are none. */
    public byte @Nullable [] longestPart() {
        byte[] longest = {};
        for (byte[] run : runs) {
            int from = 0;
            for (int i = 0; i <= run.length; i++) {
                if (i == run.length || run[i] == ANY_ONE) {
                    longest = i - from > longest.length ? Arrays.copyOfRange(run, from, i) : longest;
                    from = i + 1;
                }
            }
        }
        return longest.length == 0 ? null : longest;
    }

    /** What every match begins with, or {@code null} where nothing is fixed. */
    public byte @Nullable [] prefix() {
        int fixed = 0;
        while (fixed < runs[0].length && runs[0][fixed] != ANY_ONE) {
            fixed++;
        }
        return fixed == 0 ? null : Arrays.copyOf(runs[0], fixed);
    }

    public boolean matches(byte[] bytes, int from, int length) {
        int end = from + length;
        if (endsInEscape) {
            return failsAtTheEscape(bytes, from, end);
        }
        int at = matchAt(runs[0], bytes, from, end);
        if (at < 0) {
            return false;
        }
        int last = runs.length - 1;
        if (last == 0) {
            return at == end;
        }
        // The earliest place for each run in between leaves the most room for the rest.
        for (int r = 1; r < last; r++) {
            at = find(r, bytes, at, end);
            if (at < 0) {
                return false;
            }
        }
        return endsWith(runs[last], bytes, at, end);
    }

    /**
     * A pattern that ends in a lone backslash matches nothing, and is an error if Postgres's search gets there with text
     * left. Single characters directly after a {@code %} are skipped before it looks at what follows them.
     */
    private boolean failsAtTheEscape(byte[] bytes, int from, int end) {
        int last = runs.length - 1;
        int skippedFrom = runs.length;
        int skipped = 0;
        while (skippedFrom > 1 && isAnyOnes(runs[skippedFrom - 1])) {
            skippedFrom--;
            skipped += runs[skippedFrom].length;
        }
        int at = matchAt(runs[0], bytes, from, end);
        for (int r = 1; r < skippedFrom && at >= 0; r++) {
            at = find(r, bytes, at, end);
        }
        if (at < 0 || at == end) {
            return false;
        }
        if (skippedFrom <= last && characters(bytes, at, end) < skipped) {
            return false;
        }
        throw InvalidValue.of("22025", "LIKE pattern must not end with escape character");
    }

    private static boolean isAnyOnes(byte[] run) {
        for (byte wanted : run) {
            if (wanted != ANY_ONE) {
                return false;
            }
        }
        return true;
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }

    private static int characters(byte[] bytes, int from, int end) {
        int count = 0;
        for (int i = from; i < end; i++) {
            count += continues(bytes[i]) ? 0 : 1;
        }
        return count;
    }

    /** Where the run ends if it stands here, or -1. */
    private static int matchAt(byte[] run, byte[] bytes, int from, int end) {
        int at = from;
        for (byte wanted : run) {
            if (at == end) {
                return -1;
            }
            if (wanted == ANY_ONE) {
                at++;
                while (at < end && continues(bytes[at])) {
                    at++;
                }
            } else if (wanted != bytes[at]) {
                return -1;
            } else {
                at++;
            }
        }
        return at;
    }

    private int find(int r, byte[] bytes, int from, int end) {
        byte[] run = runs[r];
        int[] border = borders[r];
        return border == null ? find(run, bytes, from, end) : find(run, border, bytes, from, end);
    }

    private static int find(byte[] run, int[] borders, byte[] bytes, int from, int end) {
        int matched = 0;
        for (int at = from; at < end; at++) {
            while (matched > 0 && run[matched] != bytes[at]) {
                matched = borders[matched - 1];
            }
            matched += run[matched] == bytes[at] ? 1 : 0;
            if (matched == run.length) {
                return at + 1;
            }
        }
        return -1;
    }

    private static int find(byte[] run, byte[] bytes, int from, int end) {
        if (isAnyOnes(run)) {
            return matchAt(run, bytes, from, end);
        }
        byte first = run[0];
        int last = end - run.length;
        for (int at = from; at <= last; at++) {
            // A character begins anywhere but at a continuation byte.
            if (first == ANY_ONE ? !continues(bytes[at]) : first == bytes[at]) {
                int after = matchAt(run, bytes, at, end);
                if (after >= 0) {
                    return after;
                }
            }
        }
        return -1;
    }

    private static boolean endsWith(byte[] run, byte[] bytes, int from, int end) {
        int at = end;
        for (int i = run.length - 1; i >= 0; i--) {
            if (at == from) {
                return false;
            }
            at--;
            if (run[i] == ANY_ONE) {
                while (at > from && continues(bytes[at])) {
                    at--;
                }
            } else if (run[i] != bytes[at]) {
                return false;
            }
        }
        return true;
    }
}
