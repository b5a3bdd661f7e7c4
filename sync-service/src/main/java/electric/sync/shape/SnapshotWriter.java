package electric.sync.shape;

import electric.sync.change.Row;
import electric.sync.log.SnapshotLog;
import java.nio.charset.StandardCharsets;

/** Turns the rows of a snapshot into the first items of a log. Used by the one thread that reads them. */
public final class SnapshotWriter {
    private final SnapshotLog log;
    private final EntryFormat format;
    private final byte[] closingItem;
    private final JsonBytes item = new JsonBytes(1024);

    public SnapshotWriter(Shape shape, EntryFormat format, SnapshotBoundary boundary) {
        this.log = shape.log().snapshot();
        this.format = format;
        this.closingItem = boundary.closingItem().getBytes(StandardCharsets.US_ASCII);
        log.startWriting();
    }

    public void row(Row row, long nowNanos) {
        format.snapshotRow(item, row);
        log.append(item.array(), item.length(), nowNanos);
    }

    public void complete() {
        log.complete(closingItem);
    }

    /** Leaves the snapshot unfinished; must be called when it was not completed. */
    public void fail() {
        log.fail();
    }
}
