package electric.sync.route;

import electric.sync.shape.ShapeWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Those that a change is for, and what it is to each. Good until the router is asked about the next one. */
public final class Affected {
    private static final byte OLD_IN = 1;
    private static final byte NEW_IN = 2;

    private @Nullable ShapeWriter[] writers = new ShapeWriter[8];
    private byte[] belongs = new byte[8];
    private @Nullable String[] failures = new String[8];
    private int size;

    Affected() {}

    public int size() {
        return size;
    }

    public ShapeWriter writer(int index) {
        ShapeWriter writer = writers[index];
        if (writer == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return writer;
    }

    /** Whether the row as it was before belongs to the shape. */
    public boolean oldIn(int index) {
        return (belongs[index] & OLD_IN) != 0;
    }

    /** Whether the row as it is now belongs to the shape. */
    public boolean newIn(int index) {
        return (belongs[index] & NEW_IN) != 0;
    }

    /** Why it cannot be said what belongs, so that the shape is over. Never quotes the row. */
    public @Nullable String failure(int index) {
        return failures[index];
    }

    void clear() {
        Arrays.fill(writers, 0, size, null);
        Arrays.fill(failures, 0, size, null);
        size = 0;
    }

    void add(ShapeWriter writer, boolean oldIn, boolean newIn, @Nullable String failure) {
        if (size == writers.length) {
            writers = Arrays.copyOf(writers, size * 2);
            belongs = Arrays.copyOf(belongs, size * 2);
            failures = Arrays.copyOf(failures, size * 2);
        }
        writers[size] = writer;
        belongs[size] = (byte) ((oldIn ? OLD_IN : 0) | (newIn ? NEW_IN : 0));
        failures[size] = failure;
        size++;
    }
}
