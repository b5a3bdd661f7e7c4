package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.meter.Meter;
import electric.sync.pg.Catalog;
import electric.sync.pg.DatabaseUnavailable;
import electric.sync.value.CaseMapping;
import electric.sync.where.InvalidWhere;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FiltersTest {
    private static final Table BEFORE = table("sad", "ok");
    private static final Table AFTER = table("sad", "ok", "happy");

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final AtomicInteger looked = new AtomicInteger();
    private Table now = BEFORE;
    private final Filters filters = new Filters(
            name -> {
                looked.incrementAndGet();
                return Optional.of(now);
            },
            collation -> CaseMapping.ASCII,
            work::add,
            Meter.off());

    private static Table table(String... labels) {
        return new Table(
                1,
                new RelationName("public", "felt"),
                false,
                List.of(new Table.Column(
                        "m",
                        7,
                        -1,
                        "mood",
                        0,
                        true,
                        Table.Generated.NO,
                        -1,
                        new ValueType.Enumerated(7, "public", "mood", List.of(labels)),
                        null)),
                List.of());
    }

    private CompletableFuture<Filters.Read> read(String where, String... parameters) {
        CompletableFuture<Filters.Read> read = filters.read(BEFORE, where, List.of(parameters));
        while (!work.isEmpty()) {
            work.remove().run();
        }
        return read;
    }

    @Test
    void readsAClauseOnceHoweverManyBringIt() {
        CompletableFuture<Filters.Read> first = filters.read(BEFORE, "m = 'ok'", List.of());
        CompletableFuture<Filters.Read> second = filters.read(BEFORE, "m = 'ok'", List.of());
        assertThat(work).hasSize(1);
        work.remove().run();

        assertThat(second.join()).isSameAs(first.join());
        assertThat(filters.read(BEFORE, "m = 'ok'", List.of())).isDone();
        assertThat(work).isEmpty();
        assertThat(looked).hasValue(0);
    }

    @Test
    void takesNothingForTheSameThatIsNot() {
        Filters.Read ok = read("m = $1", "ok").join();
        assertThat(read("m = $1", "sad").join().filter()).isNotEqualTo(ok.filter());
        assertThat(read("m = $1 ", "ok").join()).isNotSameAs(ok);
        assertThat(filters.read(AFTER, "m = $1", List.of("ok"))).isNotDone();
    }

    @Test
    void holdsARefusalAgainstTheTableAsItIsNow() {
        now = AFTER;
        Filters.Read read = read("m = 'happy'").join();
        assertThat(read.table()).isEqualTo(AFTER);
        assertThat(looked).hasValue(1);
    }

    @Test
    void refusesWhatIsRefusedStillAndRemembersNoRefusal() {
        for (int attempt = 1; attempt <= 2; attempt++) {
            CompletableFuture<Filters.Read> refused = read("m = 'happy'");
            assertThat(catchThrowableOfType(CompletionException.class, refused::join))
                    .hasCauseInstanceOf(InvalidWhere.class);
            assertThat(looked).hasValue(attempt);
        }
    }

    @Test
    void knowsThatABlankClauseIsNone() {
        assertThat(read(" \t").join().filter()).isNull();
    }

    @Test
    void failsWithWhateverIsInTheWay() {
        Catalog noDatabase = new Catalog(
                () -> {
                    throw new SQLException("down", "08006");
                },
                Runnable::run);
        Filters away = new Filters(noDatabase::refreshed, collation -> CaseMapping.ASCII, Runnable::run, Meter.off());
        assertThat(away.read(BEFORE, "m = 'happy'", List.of()).exceptionNow()).isInstanceOf(DatabaseUnavailable.class);

        Filters busy = new Filters(
                name -> Optional.empty(),
                collation -> CaseMapping.ASCII,
                task -> {
                    throw new RejectedExecutionException("full");
                },
                Meter.off());
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(busy.read(BEFORE, "m = 'ok'", List.of()).exceptionNow())
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void forgetsTheEldestBeyondItsBounds() {
        assertThat(read("m = 'ok'")).isDone();
        for (int i = 0; i < 10_000; i++) {
            assertThat(read("m = $1", "ok", "unused " + i)).isDone();
        }
        assertThat(filters.read(BEFORE, "m = 'ok'", List.of())).isNotDone();
        work.clear();
        assertThat(filters.read(BEFORE, "m = $1", List.of("ok", "unused 9999"))).isDone();

        String long1 = "x".repeat(40 << 20);
        assertThat(read("m = $1", "ok", long1)).isDone();
        assertThat(read("m = $1", "ok", long1 + "y")).isDone();
        assertThat(filters.read(BEFORE, "m = $1", List.of("ok", long1))).isNotDone();
    }
}
