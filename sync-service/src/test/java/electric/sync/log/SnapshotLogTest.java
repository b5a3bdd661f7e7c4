package electric.sync.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotLogTest {
    private static final byte[] END = "{end}".getBytes(UTF_8);

    private final LogStore store = new LogStore(64 << 20, 1_000);
    private final ShapeLog log = store.newLog();
    private final SnapshotLog snapshot = log.snapshot();
    private long now;

    @AfterEach
    void givesAllMemoryBack() {
        log.free();
        assertThat(store.usedBytes()).isZero();
    }

    private void row(String item) {
        byte[] bytes = item.getBytes(UTF_8);
        now += 1;
        snapshot.append(bytes, bytes.length, now);
    }

    @Test
    void isOneChunkWithOnlyItsEndForNoRows() { // HTTP-191
        snapshot.startWriting();
        snapshot.complete(END);
        assertThat(snapshot.chunkCount()).isEqualTo(1);
        assertThat(ShapeLogTest.read(snapshot.chunk(0))).isEqualTo("{end}");
    }

    @Test
    void closesAChunkWithTheRowThatReachesTheThresholdCountingLineEnds() { // HTTP-193
        snapshot.startWriting();
        for (int i = 0; i < 4; i++) {
            row("x".repeat(249));
        }
        row("y");
        snapshot.complete(END);
        assertThat(snapshot.chunkCount()).isEqualTo(2);
        assertThat(ShapeLogTest.read(snapshot.chunk(0)))
                .isEqualTo(IntStream.range(0, 4).mapToObj(i -> "x".repeat(249)).collect(Collectors.joining(",\n")));
        assertThat(ShapeLogTest.read(snapshot.chunk(1))).isEqualTo("y,\n{end}");
    }

    @Test
    void givesItsEndAChunkOfItsOwnWhenTheLastRowClosedOne() { // HTTP-200
        snapshot.startWriting();
        row("x".repeat(999));
        assertThat(snapshot.chunk(0).state()).isEqualTo(ByteSource.State.OPEN);
        snapshot.complete(END);
        assertThat(snapshot.chunkCount()).isEqualTo(2);
        assertThat(ShapeLogTest.read(snapshot.chunk(1))).isEqualTo("{end}");
    }

    @Test
    void showsRowsThatComeSlowlyAsTheyCome() { // HTTP-199
        snapshot.startWriting();
        now = TimeUnit.SECONDS.toNanos(1);
        row("a");
        ByteSource reader = snapshot.chunk(0);
        assertThat(ShapeLogTest.read(reader)).isEqualTo("a");
        AtomicInteger woken = new AtomicInteger();
        reader.whenMore(woken::incrementAndGet);
        assertThat(woken).hasValue(0);
        now = TimeUnit.SECONDS.toNanos(2);
        row("b");
        assertThat(woken).hasValue(1);
        assertThat(ShapeLogTest.read(reader)).isEqualTo(",\nb");
        snapshot.complete(END);
        assertThat(ShapeLogTest.read(reader)).isEqualTo(",\n{end}");
        assertThat(reader.state()).isEqualTo(ByteSource.State.ENDED);
    }

    @Test
    void leavesReadersOfAFailedSnapshotWithAnUnfinishedChunk() { // HTTP-142
        snapshot.startWriting();
        now = TimeUnit.SECONDS.toNanos(1);
        row("a");
        ByteSource reader = snapshot.chunk(0);
        snapshot.fail();
        assertThat(ShapeLogTest.read(reader)).isEmpty();
        assertThat(reader.state()).isEqualTo(ByteSource.State.BROKEN);
    }

    @Test
    void stopsItsWriterWhenTheShapeIsRemoved() {
        snapshot.startWriting();
        row("a");
        log.free();
        assertThatThrownBy(() -> row("b")).isInstanceOf(IllegalStateException.class);
        assertThat(store.usedBytes()).isPositive();
        snapshot.fail();
        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void givesManyReadersTheSameBytesWhileItIsWritten() throws Exception { // reg. 88
        int rows = 20_000;
        snapshot.startWriting();
        row("row 0");
        List<CompletableFuture<String>> readers = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            readers.add(CompletableFuture.supplyAsync(this::readAllChunks));
        }
        for (int i = 1; i < rows; i++) {
            row("row " + i);
        }
        snapshot.complete(END);
        String expected =
                IntStream.range(0, rows).mapToObj(i -> "row " + i).collect(Collectors.joining(",\n")) + ",\n{end}";
        for (CompletableFuture<String> reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    private String readAllChunks() {
        List<String> chunks = new ArrayList<>();
        while (true) {
            boolean complete = snapshot.isComplete();
            if (chunks.size() < snapshot.chunkCount()) {
                chunks.add(readToItsEnd(snapshot.chunk(chunks.size())));
            } else if (complete) {
                return String.join(",\n", chunks);
            } else {
                CompletableFuture<Void> more = new CompletableFuture<>();
                snapshot.whenMore(() -> more.complete(null));
                more.orTimeout(60, TimeUnit.SECONDS).join();
            }
        }
    }

    private static String readToItsEnd(ByteSource source) {
        StringBuilder text = new StringBuilder();
        while (true) {
            ByteBuf piece = source.next();
            if (piece != null) {
                text.append(piece.toString(UTF_8));
                piece.release();
            } else if (source.state() == ByteSource.State.ENDED) {
                return text.toString();
            } else {
                CompletableFuture<Void> more = new CompletableFuture<>();
                source.whenMore(() -> more.complete(null));
                more.orTimeout(60, TimeUnit.SECONDS).join();
            }
        }
    }
}
