package electric.sync.route;

import electric.sync.value.CaseMapping;
import electric.sync.where.FoldedText;
import electric.sync.where.RowValues;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * By what the text of a column has somewhere in it. For each length that some part has, a window of that length goes over
 * the text; its hash follows from that of the window before, so how many parts there are does not matter.
 */
final class PartIndex implements Index {
    /** Odd, and not known outside, so that nobody can choose parts that fall on one place. */
    private static final long BASE = ThreadLocalRandom.current().nextLong() | 1;

    private static final Window[] NONE = {};

    private final int column;
    private final @Nullable CaseMapping casing;
    private Window[] windows = NONE;

    /** @param casing by which letters are made small before they are looked at; {@code null} for as they are */
    PartIndex(int column, @Nullable CaseMapping casing) {
        this.column = column;
        this.casing = casing;
    }

    /** The parts of one length. */
    private static final class Window {
        private final int length;
        private final Entries parts = new Entries((one, other) -> Arrays.compareUnsigned((byte[]) one, (byte[]) other));

        /** What the byte that leaves the window counts for in the hash. */
        private final long leaving;

        Window(int length) {
            this.length = length;
            long power = 1;
            for (int i = 0; i < length; i++) {
                power *= BASE;
            }
            this.leaving = power;
        }

        void find(byte[] text, int from, int size, RowValues row, Search search) {
            if (size < length) {
                return;
            }
            long sum = sum(text, from, length);
            int last = from + size;
            int end = from + length;
            while (true) {
                int hash = Axis.hash(sum);
                for (Entries.Entry entry = parts.first(hash); entry != null; entry = entry.next()) {
                    if (entry.hash() == hash
                            && Arrays.equals((byte[]) entry.key(), 0, length, text, end - length, end)) {
                        entry.find(row, search);
                        break;
                    }
                }
                if (end == last) {
                    return;
                }
                sum = sum * BASE + text[end] - text[end - length] * leaving;
                end++;
            }
        }
    }

    private static long sum(byte[] bytes, int from, int length) {
        long sum = 0;
        for (int i = from; i < from + length; i++) {
            sum = sum * BASE + bytes[i];
        }
        return sum;
    }

    private static int hash(byte[] part) {
        return Axis.hash(sum(part, 0, part.length));
    }

    private @Nullable Window window(int length) {
        for (Window window : windows) {
            if (window.length == length) {
                return window;
            }
        }
        return null;
    }

    @Override
    public boolean answers(Condition.Indexed condition) {
        return condition instanceof Condition.HasPart part && part.column() == column && part.casing() == casing;
    }

    @Override
    public @Nullable Node get(Object key) {
        byte[] part = (byte[]) key;
        Window window = window(part.length);
        return window == null ? null : window.parts.get(hash(part), part);
    }

    @Override
    public Node make(Object key) {
        byte[] part = (byte[]) key;
        Window window = window(part.length);
        if (window == null) {
            window = new Window(part.length);
            windows = Arrays.copyOf(windows, windows.length + 1);
            windows[windows.length - 1] = window;
        }
        return window.parts.make(hash(part), part);
    }

    @Override
    public void remove(Object key) {
        byte[] part = (byte[]) key;
        Window window = window(part.length);
        if (window != null) {
            window.parts.remove(hash(part), part);
            if (window.parts.size() == 0) {
                windows =
                        Arrays.stream(windows).filter(other -> other != window).toArray(Window[]::new);
            }
        }
    }

    @Override
    public void find(RowValues row, Search search) {
        if (row.isNull(column)) {
            return;
        }
        if (casing == null) {
            find(row.bytes(column), row.start(column), row.length(column), row, search);
        } else {
            FoldedText text = row.folded(column, casing);
            find(text.bytes(), 0, text.length(), row, search);
        }
    }

    private void find(byte[] text, int from, int size, RowValues row, Search search) {
        for (Window window : windows) {
            window.find(text, from, size, row, search);
        }
    }

    @Override
    public boolean isEmpty() {
        return windows.length == 0;
    }
}
