package electric.sync.shape;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.log.LogStore;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShapeRegistryTest {
    private static final int ROUNDS = 20_000;

    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final ShapeDefinition definition = ShapeDefinition.of(
            Tables.table(1, "public", "items", "id*"),
            null,
            ShapeDefinition.Replica.DEFAULT,
            ShapeDefinition.LogMode.FULL);

    private volatile String handed = "";

    @Test
    void whoIsToldThatAHandleIsNoMoreIsNeverToldTheSameOneInstead() {
        CompletableFuture<Void> endings = CompletableFuture.runAsync(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                Shape shape = registry.claim(definition).shape();
                handed = shape.handle();
                registry.retire(shape, "the test goes on", new StartOutcome.Gone());
            }
        });
        while (!endings.isDone()) {
            String held = handed;
            if (registry.byHandle(held) == null) {
                assertThat(registry.claim(definition).shape().handle()).isNotEqualTo(held);
            }
        }
        endings.join();
    }

    @Test
    void watchersMayComeAndGoWhileAShapeTellsThem() {
        Shape shape = registry.claim(definition).shape();
        AtomicLong told = new AtomicLong();
        Shape.Watcher watcher = any -> told.incrementAndGet();
        CompletableFuture<Void> comingAndGoing = CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 20 * ROUNDS; round++) {
                shape.watch(watcher);
                shape.unwatch(watcher);
            }
        });
        while (!comingAndGoing.isDone()) {
            shape.announce();
        }
        comingAndGoing.join();
        told.set(0);
        shape.watch(watcher);
        shape.announce();
        assertThat(told).hasValue(1);
    }
}
