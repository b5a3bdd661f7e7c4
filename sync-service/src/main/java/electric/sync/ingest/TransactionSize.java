package electric.sync.ingest;

import electric.sync.change.Change;
import electric.sync.change.Row;
import electric.sync.change.WalMessage;

/** Counts the changes of one transaction and the bytes of their rows, and refuses one that is too large to be taken. */
final class TransactionSize {
    private final long limit;
    private long bytes;
    private long changes;

    TransactionSize(long limit) {
        this.limit = limit;
    }

    /** @throws UnrecoverableStream when the transaction exceeds the limit: it must not be received again */
    void count(WalMessage message) {
        switch (message) {
            case WalMessage.Begin b -> {
                bytes = 0;
                changes = 0;
            }
            case WalMessage.Changed changed -> add(changed.change());
            case WalMessage.Commit c -> {}
            case WalMessage.Described d -> {}
            case WalMessage.Ignored i -> {}
        }
    }

    long bytes() {
        return bytes;
    }

    long changes() {
        return changes;
    }

    private void add(Change change) {
        changes++;
        switch (change) {
            case Change.Insert insert -> bytes += size(insert.row());
            case Change.Update update -> {
                Row old = update.old();
                bytes += size(update.row()) + (old == null ? 0 : size(old));
            }
            case Change.Delete delete -> bytes += size(delete.old());
            case Change.Truncate t -> {}
        }
        if (bytes > limit) {
            throw new UnrecoverableStream("Collected transaction exceeds limit of " + limit + " bytes.");
        }
    }

    private static long size(Row row) {
        long size = 0;
        for (int i = 0; i < row.columnCount(); i++) {
            size += Math.max(row.length(i), 0);
        }
        return size;
    }
}
