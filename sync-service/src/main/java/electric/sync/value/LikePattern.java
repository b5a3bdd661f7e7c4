package electric.sync.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right side of LIKE or ILIKE, compiled: {@code %} is any sequence, {@code _} one code point, a backslash makes the
 * next character ordinary. Matching compares bytes and allocates nothing.
 */
public final class LikePattern {
    private static final int ANY_ONE = -1;

    /**
     * The pattern between its {@code %} signs, each run a sequence of bytes and {@link #ANY_ONE}. The first is anchored at
     * the beginning, the last at the end; a single run is anchored at both.
     */
    private final int[][] runs;

    private final boolean foldsAscii;
    private final boolean endsInEscape;

    private LikePattern(int[][] runs, boolean foldsAscii, boolean endsInEscape) {
        this.runs = runs;
        this.foldsAscii = foldsAscii;
        this.endsInEscape = endsInEscape;
    }

    /** LIKE, in every deterministic collation. */
    public static LikePattern like(String pattern) {
        return compile(pattern, false);
    }

    /**
     * ILIKE under the collations {@code C} and {@code POSIX}, which know the case of ASCII letters only. Under others it is
     * the same as long as neither side has a letter outside ASCII, so a caller that cannot be sure refuses those.
     */
    public static LikePattern ilikeAscii(String pattern) {
        return compile(pattern, true);
    }

    private static LikePattern compile(String pattern, boolean foldsAscii) {
        byte[] bytes = Text.utf8(pattern);
        List<int[]> runs = new ArrayList<>();
        int[] run = new int[bytes.length];
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
                        run[count++] = ordinary(bytes[i], foldsAscii);
                    } else {
                        endsInEscape = true;
                    }
                }
                default -> run[count++] = ordinary(bytes[i], foldsAscii);
            }
        }
        runs.add(Arrays.copyOf(run, count));
        return new LikePattern(runs.toArray(int[][]::new), foldsAscii, endsInEscape);
    }

    private static int ordinary(byte b, boolean foldsAscii) {
        return foldsAscii ? lower(b) : b & 0xFF;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b & 0xFF;
    }

    /** What every match begins with, or {@code null} where case is folded or nothing is fixed. */
    public byte @Nullable [] prefix() {
        if (foldsAscii) {
            return null;
        }
        int fixed = 0;
        while (fixed < runs[0].length && runs[0][fixed] != ANY_ONE) {
            fixed++;
        }
        if (fixed == 0) {
            return null;
        }
        byte[] prefix = new byte[fixed];
        for (int i = 0; i < fixed; i++) {
            prefix[i] = (byte) runs[0][i];
        }
        return prefix;
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
            at = find(runs[r], bytes, at, end);
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
            at = find(runs[r], bytes, at, end);
        }
        if (at < 0 || at == end) {
            return false;
        }
        if (skippedFrom <= last && characters(bytes, at, end) < skipped) {
            return false;
        }
        throw InvalidValue.of("22025", "LIKE pattern must not end with escape character");
    }

    private static boolean isAnyOnes(int[] run) {
        for (int wanted : run) {
            if (wanted != ANY_ONE) {
                return false;
            }
        }
        return true;
    }

    private static int characters(byte[] bytes, int from, int end) {
        int count = 0;
        for (int i = from; i < end; i++) {
            count += (bytes[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    /** Where the run ends if it stands here, or -1. */
    private int matchAt(int[] run, byte[] bytes, int from, int end) {
        int at = from;
        for (int wanted : run) {
            if (at == end) {
                return -1;
            }
            if (wanted == ANY_ONE) {
                at++;
                while (at < end && (bytes[at] & 0xC0) == 0x80) {
                    at++;
                }
            } else if (wanted != (foldsAscii ? lower(bytes[at]) : bytes[at] & 0xFF)) {
                return -1;
            } else {
                at++;
            }
        }
        return at;
    }

    private int find(int[] run, byte[] bytes, int from, int end) {
        if (run.length == 0) {
            return from;
        }
        for (int at = from; at < end; at++) {
            // A character begins anywhere but at a continuation byte.
            if ((bytes[at] & 0xC0) != 0x80) {
                int after = matchAt(run, bytes, at, end);
                if (after >= 0) {
                    return after;
                }
            }
        }
        return -1;
    }

    private boolean endsWith(int[] run, byte[] bytes, int from, int end) {
        int at = end;
        for (int i = run.length - 1; i >= 0; i--) {
            if (at == from) {
                return false;
            }
            at--;
            if (run[i] == ANY_ONE) {
                while (at > from && (bytes[at] & 0xC0) == 0x80) {
                    at--;
                }
            } else if (run[i] != (foldsAscii ? lower(bytes[at]) : bytes[at] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
