package electric.sync.shape;

import electric.sync.change.Row;
import electric.sync.log.SnapshotLog;
import java.nio.charset.StandardCharsets;

/** Turns the rows of a snapshot into the first items of a log. Used by the one thread that reads them. */
public final class SnapshotWriter {
    private final SnapshotLog log;
    private final EntryFormat format;
    private final byte[] closingItem;
    private final byte[] mark;
    private final JsonBytes item = new JsonBytes(1024);

    /** Of all rows of a shape. */
    public SnapshotWriter(Shape shape, EntryFormat format, SnapshotBoundary boundary) {
        this(shape.log().snapshot(), format, ascii(boundary.closingItem()), new byte[0]);
    }

    /**
     * Of some rows of a shape, which are told apart from others by a number.
     *
     * @param rows where they go
     */
    public SnapshotWriter(SnapshotLog rows, EntryFormat format, int mark) {
        this(rows, format, new byte[0], ascii(",\"snapshot_mark\":" + mark));
    }

    private SnapshotWriter(SnapshotLog log, EntryFormat format, byte[] closingItem, byte[] mark) {
        this.log = log;
        this.format = format;
        this.closingItem = closingItem;
        this.mark = mark;
        log.startWriting();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public void row(Row row, long nowNanos) {
        format.snapshotRow(item, row, mark);
        log.append(item.array(), item.length(), nowNanos);
    }

    public void complete() {
        if (closingItem.length == 0) {
            log.complete();
        } else {
            log.complete(closingItem);
        }
    }

    /** Leaves the snapshot unfinished; must be called when it was not completed. */
    public void fail() {
        log.fail();
    }
}
