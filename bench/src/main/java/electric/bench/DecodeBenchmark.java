package electric.bench;

import electric.sync.change.WalMessage;
import electric.sync.pg.PgOutputDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make changes of the messages of the stream, for rows of five columns and 80 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
    private static final int RELATION = 16_384;
    private static final String[] COLUMNS = {"id", "tenant_id", "title", "price", "at"};
    private static final String[] BEFORE = {
        "100001", "77", "A title of some length, as titles are", "10.50", "2026-11-20"
    };
    private static final String[] AFTER = {
        "100001", "77", "Another title, which is as long as one", "11.25", "2026-11-21"
    };

    private final PgOutputDecoder decoder = new PgOutputDecoder();
    private final ByteBuffer begin =
            message('B').putLong(1 << 20).putLong(0).putInt(77).flip();
    private final ByteBuffer commit = message('C')
            .put((byte) 0)
            .putLong(1 << 20)
            .putLong(2 << 20)
            .putLong(0)
            .flip();
    private final ByteBuffer insert = row(change('I'), 'N', AFTER).flip();
    private final ByteBuffer update =
            row(row(change('U'), 'O', BEFORE), 'N', AFTER).flip();
    private final ByteBuffer delete = row(change('D'), 'O', BEFORE).flip();

    @Setup
    public void describe() {
        ByteBuffer relation = message('R').putInt(RELATION);
        text(text(relation, "public"), "orders").put((byte) 'f').putShort((short) COLUMNS.length);
        for (String column : COLUMNS) {
            text(relation.put((byte) 1), column).putInt(25).putInt(-1);
        }
        decoder.decode(relation.flip());
    }

    private static ByteBuffer message(char tag) {
        return ByteBuffer.allocate(1024).put((byte) tag);
    }

    private static ByteBuffer change(char tag) {
        return message(tag).putInt(RELATION);
    }

    private static ByteBuffer text(ByteBuffer to, String text) {
        return to.put(text.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
    }

    private static ByteBuffer row(ByteBuffer to, char kind, String[] values) {
        to.put((byte) kind).putShort((short) values.length);
        for (String value : values) {
            to.put((byte) 't').putInt(value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
        }
        return to;
    }

    @Benchmark
    public WalMessage insert() {
        return decoder.decode(insert);
    }

    /** With the whole row as it was, which is what tables are asked for. */
    @Benchmark
    public WalMessage update() {
        return decoder.decode(update);
    }

    @Benchmark
    public WalMessage delete() {
        return decoder.decode(delete);
    }

    /** What a transaction of one row has besides its row. */
    @Benchmark
    public int beginAndCommit() {
        return decoder.decode(begin).hashCode() + decoder.decode(commit).hashCode();
    }
}
