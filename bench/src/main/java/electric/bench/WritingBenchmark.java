package electric.bench;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.Membership;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.StartOutcome;
import electric.sync.shape.Tables;
import electric.sync.shape.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to encode a change, and to append it to the logs of those that it is for. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WritingBenchmark {
    /** A log that has grown by so much begins anew, which is part of what is measured. */
    private static final long MOST_BYTES = 64 << 20;

    /** Shapes with the same columns, so that each change is encoded once. */
    public static class Followed {
        private final ShapeRegistry registry =
                new ShapeRegistry(new LogStore(1L << 30, 10 << 20), () -> Instant.EPOCH, () -> 0);
        private final List<ShapeWriter> writers = new ArrayList<>();
        private Table table = Tables.table(1, "public", "orders", "id*");
        private Relation relation = Tables.relation(table);
        private EntryFormat format = new EntryFormat(table, definition());
        private Row row = Row.of("1");
        private int shapes;
        private long written;
        private long lsn;

        void follow(int count, String... values) {
            String[] columns = new String[values.length];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = i == 0 ? "id*" : "column_" + i;
            }
            table = Tables.table(1, "public", "orders", columns);
            relation = Tables.relation(table);
            format = new EntryFormat(table, definition());
            row = Row.of(values);
            shapes = count;
            renew();
        }

        private ShapeDefinition definition() {
            return ShapeDefinition.of(table, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
        }

        private void renew() {
            writers.forEach(writer -> writer.shape().log().free());
            writers.clear();
            written = 0;
            SnapshotBoundary boundary = new SnapshotBoundary(100, 100, List.of(), 0);
            for (int i = 0; i < shapes; i++) {
                Shape shape = registry.claim(definition()).shape();
                registry.retire(shape, "another of the same definition is made", new StartOutcome.Gone());
                ShapeWriter writer = new ShapeWriter(shape, format);
                if (writer.snapshotTaken(boundary) != null) {
                    throw new IllegalStateException("nothing was held back");
                }
                writers.add(writer);
            }
        }

        /** One change for all of them. */
        private Transaction change() {
            lsn += 8;
            Transaction transaction = new Transaction(lsn, 200);
            Change.Insert insert = new Change.Insert(relation, row);
            for (int i = 0; i < writers.size(); i++) {
                ShapeWriter writer = writers.get(i);
                writer.joins(transaction);
                writer.change(transaction, 0, insert, Membership.AFTER);
            }
            return transaction;
        }

        long transaction() {
            Transaction transaction = change();
            for (int i = 0; i < writers.size(); i++) {
                writers.get(i).commit(transaction);
            }
            written += writers.size() * (row.textBytes() + 200);
            if (written > MOST_BYTES) {
                renew();
            }
            return written;
        }

        /** The log is as it was before. */
        void interruptedTransaction() {
            Transaction transaction = change();
            writers.getFirst().interrupted(transaction);
        }
    }

    @State(Scope.Thread)
    public static class Rows extends Followed {
        @Param({"plain", "escaped", "wide"})
        public String row = "";

        @Setup
        public void prepare() {
            switch (row) {
                case "plain" ->
                    follow(1, "100001", "77", "A title of some length, as titles are", "10.50", "2026-11-20");
                case "escaped" ->
                    follow(1, "100001", "77", "A \"title\" of\nsome\tlength, \\ as titles are", "10.50", "2026-11-20");
                case "wide" ->
                    follow(1, Collections.nCopies(100, "a value of 20 bytes.").toArray(String[]::new));
                default -> throw new IllegalArgumentException(row);
            }
        }
    }

    @State(Scope.Thread)
    public static class Shapes extends Followed {
        @Param({"1", "1000"})
        public int count;

        @Setup
        public void prepare() {
            follow(count, "100001", "77", "A title of some length, as titles are", "10.50", "2026-11-20");
        }
    }

    /** An entry is encoded, appended and taken back. */
    @Benchmark
    public void encode(Rows followed) {
        followed.interruptedTransaction();
    }

    /** A transaction of one row: encoded once, appended to every log and published there. */
    @Benchmark
    public long append(Shapes followed) {
        return followed.transaction();
    }
}
