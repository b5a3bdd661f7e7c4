package electric.sync.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.log.ByteSource;
import electric.sync.log.ByteSource.State;
import electric.sync.log.Extent;
import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import electric.sync.log.ShapeLog;
import electric.sync.log.SnapshotLog;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompressionTest {
    private static final String OPENING = "[";
    private static final String CLOSING = ",\n{\"headers\":{\"control\":\"up-to-date\"}}]";
    private static final long LIMIT = 8 << 20;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private long now;
    private Meter meter = Meter.on();
    private final List<ShapeLog> logs = new ArrayList<>();
    private final LogStore store = new LogStore(256 << 20, 300_000);
    private Compression compression = new Compression(LIMIT, meter);

    @BeforeEach
    void zstdIsThere() {
        System.out.println("seed " + seed);
        await().until(() -> compression.offers(Coding.ZSTD));
    }

    @AfterEach
    void stop() {
        compression.close();
        meter.close();
        free();
    }

    private void bounded(long limit) {
        compression.close();
        meter.close();
        meter = Meter.on();
        compression = new Compression(limit, meter, () -> now);
    }

    private ShapeLog newLog() {
        ShapeLog log = store.newLog();
        logs.add(log);
        return log;
    }

    private void free() {
        logs.forEach(ShapeLog::free);
        logs.clear();
    }

    private long count(String outcome) {
        return meter.counter(Metric.COMPRESSED, outcome).count();
    }

    /** Like rows: much is the same, some is noise. */
    private byte[] item(int length) {
        StringBuilder text = new StringBuilder("{\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"" + random.nextInt(1000));
        while (text.length() < length) {
            switch (random.nextInt(4)) {
                case 0 -> text.append("\",\"value\":{\"id\":\"");
                case 1 -> text.append(Long.toHexString(random.nextLong()));
                case 2 -> text.append("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".substring(random.nextInt(34)));
                default -> text.append(text, random.nextInt(text.length()), text.length());
            }
        }
        text.setLength(length);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] noise() {
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        return noise;
    }

    private SnapshotLog snapshot(byte[] item) {
        SnapshotLog snapshot = newLog().snapshot();
        snapshot.startWriting();
        snapshot.append(item, item.length, 0);
        snapshot.complete();
        return snapshot;
    }

    private SnapshotLog snapshot(int items, int longest) {
        SnapshotLog snapshot = newLog().snapshot();
        snapshot.startWriting();
        for (int i = 0; i < items; i++) {
            byte[] item = item(40 + random.nextInt(longest));
            snapshot.append(item, item.length, 0);
        }
        snapshot.complete();
        return snapshot;
    }

    private ShapeLog changes(int items, int longest) {
        ShapeLog log = newLog();
        for (int i = 0; i < items; i++) {
            byte[] item = item(40 + random.nextInt(longest));
            log.begin(i + 1, 0, item, item.length);
            log.end(new byte[] {'}'});
            log.publish();
        }
        return log;
    }

    /** Reads to the end, waiting for more where there is more to come. */
    private static byte[] read(ByteSource source) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            ByteBuf piece = source.next();
            if (piece != null) {
                byte[] copy = new byte[piece.readableBytes()];
                piece.readBytes(copy).release();
                bytes.writeBytes(copy);
                continue;
            }
            if (source.state() == State.ENDED) {
                return bytes.toByteArray();
            }
            assertThat(source.state()).isEqualTo(State.OPEN);
            CountDownLatch more = new CountDownLatch(1);
            source.whenMore(more::countDown);
            assertThat(more.await(10, TimeUnit.SECONDS)).as("woken in time").isTrue();
        }
    }

    private static byte[] wire(Coded answer, String opening, String closing) throws InterruptedException {
        ByteBuf begin = Unpooled.buffer();
        answer.begin(begin, opening);
        byte[] items = read(answer.items());
        ByteBuf end = Unpooled.buffer();
        answer.end(end, closing);
        answer.items().close();
        byte[] all = new byte[begin.readableBytes() + items.length + end.readableBytes()];
        int head = begin.readableBytes();
        begin.readBytes(all, 0, head);
        System.arraycopy(items, 0, all, head, items.length);
        end.readBytes(all, head + items.length, end.readableBytes());
        return all;
    }

    private void saysTheSame(Coding coding, ByteSource plain, ByteSource toCompress, String opening) throws Exception {
        byte[] expected =
                (opening + new String(read(plain), StandardCharsets.UTF_8) + CLOSING).getBytes(StandardCharsets.UTF_8);
        Coded answer = compression.answer(coding, toCompress);
        assertThat(answer.coding()).isEqualTo(coding);
        byte[] wire = wire(answer, opening, CLOSING);
        assertThat(Decoded.of(coding, wire)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void everyRunOfALogSaysTheSameInEveryCoding(Coding coding) throws Exception {
        for (int round = 0; round < 30; round++) {
            int longest = 1 << random.nextInt(17);
            SnapshotLog snapshot = snapshot(1 + random.nextInt(200), longest);
            for (int chunk = 0; chunk < snapshot.chunkCount(); chunk++) {
                saysTheSame(coding, snapshot.chunk(chunk), snapshot.chunk(chunk), OPENING);
            }
            saysTheSame(coding, snapshot.whole(), snapshot.whole(), "{\"data\":" + "[".repeat(random.nextInt(200_000)));
            ShapeLog log = changes(1 + random.nextInt(200), longest);
            LogOffset from = new LogOffset(random.nextInt((int) log.tail().end().tx()), 0);
            saysTheSame(
                    coding,
                    log.after(from, log.tail()).items(),
                    log.after(from, log.tail()).items(),
                    OPENING);
            free();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void nothingIsWrittenForNoItems(Coding coding) throws Exception {
        SnapshotLog empty = store.newRows();
        empty.startWriting();
        empty.complete();
        Coded answer = compression.answer(coding, empty.whole());
        assertThat(Decoded.of(coding, wire(answer, "[", "]"))).isEqualTo("[]".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void manyReadersAtOnceHaveARunCompressedOnce(Coding coding) throws Exception {
        SnapshotLog snapshot = snapshot(600, 400);
        byte[] expected = read(snapshot.chunk(0));
        List<Future<byte[]>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 64; i++) {
                readers.add(
                        threads.submit(() -> wire(compression.answer(coding, snapshot.chunk(0)), OPENING, CLOSING)));
            }
            for (Future<byte[]> reader : readers) {
                assertThat(Decoded.of(coding, reader.get()))
                        .hasSize(expected.length + OPENING.length() + CLOSING.length());
            }
        }
        assertThat(count("made")).isEqualTo(1);
        assertThat(count("found")).isEqualTo(63);
        assertThat(compression.usedBytes()).isBetween(1L, (long) expected.length);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void aSnapshotIsCompressedWhileItIsWritten(Coding coding) throws Exception {
        SnapshotLog snapshot = newLog().snapshot();
        snapshot.startWriting();
        byte[] item = item(70_000);
        snapshot.append(item, item.length, 0);
        Coded early = compression.answer(coding, snapshot.chunk(0));
        ByteBuf first = Unpooled.buffer();
        early.begin(first, OPENING);
        int head = first.readableBytes();
        // What was written so far can be had before there is more.
        await().until(() -> {
            for (ByteBuf piece = early.items().next();
                    piece != null;
                    piece = early.items().next()) {
                first.writeBytes(piece);
                piece.release();
            }
            return first.readableBytes() > head;
        });
        assertThat(early.items().state()).isEqualTo(State.OPEN);
        Coded late = compression.answer(coding, snapshot.chunk(0));
        snapshot.append(item, item.length, 0);
        snapshot.complete();
        first.writeBytes(read(early.items()));
        early.end(first, CLOSING);
        early.items().close();
        byte[] bytes = new byte[first.readableBytes()];
        first.readBytes(bytes);
        assertThat(bytes).isEqualTo(wire(late, OPENING, CLOSING));
        String text = new String(item, StandardCharsets.UTF_8);
        assertThat(new String(Decoded.of(coding, bytes), StandardCharsets.UTF_8))
                .isEqualTo(OPENING + text + ",\n" + text + CLOSING);
        assertThat(count("made")).isEqualTo(1);
    }

    @Test
    void aRunThatBreaksOffIsNeverWhole() throws Exception {
        SnapshotLog snapshot = newLog().snapshot();
        snapshot.startWriting();
        byte[] item = item(70_000);
        snapshot.append(item, item.length, 0);
        Coded answer = compression.answer(Coding.GZIP, snapshot.chunk(0));
        CountDownLatch woken = new CountDownLatch(1);
        await().until(() -> {
            ByteBuf piece = answer.items().next();
            if (piece != null) {
                piece.release();
            }
            return piece == null && compression.usedBytes() > 0;
        });
        answer.items().whenMore(woken::countDown);
        snapshot.fail();
        assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> answer.items().state() == State.BROKEN);
        assertThat(answer.items().next()).isNull();
        answer.items().close();
        await().until(() -> compression.usedBytes() == 0);
    }

    @Test
    void memoryIsBoundedAndWhatWasLongestNotAskedForGoesFirst() throws Exception {
        bounded(600_000);
        List<SnapshotLog> snapshots = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SnapshotLog log = snapshot(noise());
            snapshots.add(log);
            wire(compression.answer(Coding.GZIP, log.chunk(0)), OPENING, CLOSING);
            wire(compression.answer(Coding.GZIP, snapshots.getFirst().chunk(0)), OPENING, CLOSING);
        }
        // One more may have been begun just below the bound.
        assertThat(compression.usedBytes()).isBetween(400_000L, 800_000L);
        assertThat(count("made"))
                .as("the one asked for again and again was made once")
                .isEqualTo(40);
        wire(compression.answer(Coding.GZIP, snapshots.get(1).chunk(0)), OPENING, CLOSING);
        assertThat(count("made")).as("one that nobody asked for was made again").isEqualTo(41);
    }

    @Test
    void whatIsBeingReadStaysAndOthersGoOutAsTheyAre() throws Exception {
        bounded(50_000);
        byte[] noise = noise();
        SnapshotLog log = snapshot(noise);
        Coded held = compression.answer(Coding.GZIP, log.chunk(0));
        await().until(() -> compression.usedBytes() > 50_000);
        SnapshotLog other = snapshot(100, 100);
        Coded refused = compression.answer(Coding.GZIP, other.chunk(0));
        assertThat(refused.coding()).isEqualTo(Coding.IDENTITY);
        refused.items().close();
        assertThat(count("refused")).isEqualTo(1);
        assertThat(Decoded.of(Coding.GZIP, wire(held, "", ""))).isEqualTo(noise);
        Coded now = compression.answer(Coding.GZIP, other.chunk(0));
        assertThat(now.coding()).isEqualTo(Coding.GZIP);
        now.items().close();
    }

    @Test
    void whatIsReadOnlyInAMomentIsForgottenAndChunksAreKept() throws Exception {
        bounded(LIMIT);
        ShapeLog log = changes(700, 1000);
        SnapshotLog over = snapshot(100, 1000);
        ByteSource chunk = log.after(LogOffset.SNAPSHOT_END, log.tail()).items();
        assertThat(Objects.requireNonNull(chunk.extent()).isChunk()).isTrue();
        wire(compression.answer(Coding.GZIP, chunk), OPENING, CLOSING);
        long kept = compression.usedBytes();
        wire(compression.answer(Coding.GZIP, over.chunk(0)), OPENING, CLOSING);
        wire(
                compression.answer(
                        Coding.GZIP,
                        log.after(new LogOffset(699, 0), log.tail()).items()),
                OPENING,
                CLOSING);
        logs.remove(1).free();

        now += TimeUnit.SECONDS.toNanos(11);
        compression
                .answer(
                        Coding.GZIP,
                        log.after(LogOffset.SNAPSHOT_END, log.tail()).items())
                .items()
                .close();
        assertThat(count("found")).isEqualTo(1);
        assertThat(compression.usedBytes())
                .as("nothing new, nothing looked for")
                .isGreaterThan(kept);
        compression.answer(Coding.ZSTD, new Letters()).items().close();
        await().untilAsserted(() -> assertThat(compression.usedBytes()).isEqualTo(kept));
    }

    /** Something else to compress, for one reader. */
    private static final class Letters implements ByteSource {
        private boolean taken;

        @Override
        public long size() {
            return 5_000;
        }

        @Override
        public @Nullable Extent extent() {
            return null;
        }

        @Override
        public @Nullable ByteBuf next() {
            if (taken) {
                return null;
            }
            taken = true;
            return Unpooled.copiedBuffer("x".repeat(5_000), StandardCharsets.US_ASCII);
        }

        @Override
        public State state() {
            return taken ? State.ENDED : State.OPEN;
        }

        @Override
        public void whenMore(Runnable wake) {
            wake.run();
        }

        @Override
        public void close() {}
    }

    @Test
    void rowsForOneReaderAreForgottenWithIt() throws Exception {
        SnapshotLog rows = snapshot(100, 1000);
        Coded answer = compression.answer(Coding.GZIP, rows.whole());
        await().until(() -> compression.usedBytes() > 0);
        answer.items().close();
        await().until(() -> compression.usedBytes() == 0);
    }

    @Test
    void checksumsOfPartsGiveThatOfTheWhole() {
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            CRC32 first = new CRC32();
            CRC32 second = new CRC32();
            CRC32 whole = new CRC32();
            first.update(bytes, 0, cut);
            second.update(bytes, cut, bytes.length - cut);
            whole.update(bytes);
            assertThat(Checksums.ofBoth((int) first.getValue(), (int) second.getValue(), bytes.length - cut))
                    .isEqualTo((int) whole.getValue());
        }
    }
}
