package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.log.LogStore;
import electric.sync.meter.Meter;
import electric.sync.pg.Catalog;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.StartOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private static final int ROOM = 10;

    private final AtomicLong time = new AtomicLong();
    private final ShapeRegistry registry =
            new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, time::incrementAndGet);
    private final Ingest ingest =
            new Ingest(registry, oid -> List.of(), new NotedEndings(new ArrayList<>()), new Stages(Meter.off()));
    private final Catalog catalog = new Catalog(
            () -> {
                throw new SQLException("nobody asks the database here");
            },
            Runnable::run);
    private final Upkeep upkeep =
            new Upkeep(registry, ingest, catalog, new Readiness(), Optional.empty(), ROOM, Duration.ofDays(1));

    @AfterEach
    void end() {
        upkeep.close();
        ingest.close();
    }

    private Shape claim(int table) {
        Table columnless = new Table(table, new RelationName("public", "t" + table), false, List.of(), List.of());
        return registry.claim(ShapeDefinition.of(
                        columnless, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL))
                .shape();
    }

    @Test
    void turnsAwayTheShapeThatHasNoRoomAndMakesRoomForTheNext() {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            Shape shape = claim(i);
            assertThat(upkeep.admit(shape)).isTrue();
            shape.follow();
            shapes.add(shape);
        }
        shapes.getFirst().used(time.incrementAndGet());

        Shape tooMany = claim(ROOM);
        assertThat(upkeep.admit(tooMany)).isFalse();
        assertThat(tooMany.started().join()).isInstanceOf(StartOutcome.Unavailable.class);

        await().untilAsserted(() -> assertThat(registry.size()).isEqualTo(ROOM - 1));
        assertThat(shapes.stream().filter(Shape::isRetired)).containsExactly(shapes.get(1));
        assertThat(upkeep.admit(claim(ROOM))).isTrue();
    }
}
