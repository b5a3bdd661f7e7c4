package electric.oracle;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number for a set of rows, kept up to date by adding what comes and subtracting what goes. It depends neither on the
 * order of rows nor on that of columns, so that whoever has the same rows has the same number.
 */
public final class RowDigest {
    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;
    private static final long NULL = 0x5851_F42D_4C95_7F2DL;

    private RowDigest() {}

    static long of(String key, Map<String, @Nullable String> row) {
        long columns = 0;
        for (Map.Entry<String, @Nullable String> column : row.entrySet()) {
            columns += column(text(column.getKey()), column.getValue());
        }
        return row(text(key), columns);
    }

    /** @param columns the sum of the row's {@link #column}s */
    public static long row(long key, long columns) {
        return mixed(key * PRIME + columns);
    }

    /** @param name the {@link #text} of the column's name */
    public static long column(long name, @Nullable String value) {
        return mixed(name * PRIME + (value == null ? NULL : text(value)));
    }

    public static long text(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * PRIME + text.charAt(i);
        }
        return mixed(hash);
    }

    private static long mixed(long bits) {
        long once = (bits ^ (bits >>> 32)) * PRIME;
        long twice = (once ^ (once >>> 29)) * PRIME;
        return twice ^ (twice >>> 32);
    }
}
