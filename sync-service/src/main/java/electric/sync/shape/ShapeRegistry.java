package electric.sync.shape;

import electric.sync.log.LogStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Which shapes exist: one per definition, each under its own handle. */
public final class ShapeRegistry {
    private final LogStore store;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<ShapeDefinition, Shape> byDefinition = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Shape> byHandle = new ConcurrentHashMap<>();

    public ShapeRegistry(LogStore store, InstantSource clock, LongSupplier nanoTime) {
        this.store = store;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** @param isNew whether this call made the shape: the caller must start it */
    public record Claim(Shape shape, boolean isNew) {}

    /** The shape of a definition, made when there is none: concurrent callers get the same one. */
    public Claim claim(ShapeDefinition definition) {
        Shape existing = byDefinition.get(definition);
        if (existing != null) {
            return new Claim(existing, false);
        }
        Shape made = new Shape(
                ShapeHandle.next(definition, ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant())),
                definition,
                store.newLog(),
                nanoTime.getAsLong());
        // In both or in neither: whoever finds it by definition may hand the handle out at once, and whoever ends all
        // shapes must not find one that takes its place only then.
        Shape claimed = byDefinition.computeIfAbsent(definition, absent -> {
            byHandle.put(made.handle(), made);
            return made;
        });
        return new Claim(claimed, claimed == made);
    }

    public @Nullable Shape find(ShapeDefinition definition) {
        return byDefinition.get(definition);
    }

    public @Nullable Shape byHandle(String handle) {
        return byHandle.get(handle);
    }

    public Collection<Shape> all() {
        return byHandle.values();
    }

    public int size() {
        return byHandle.size();
    }

    /**
     * Takes a shape out, so that the next request for its definition makes a new one, and ends it.
     *
     * @param outcome what those hear who still wait for it to start
     * @return whether this call did it
     */
    public boolean retire(Shape shape, String reason, StartOutcome outcome) {
        // Last under its handle: who is told that the handle is no more must not be told the same one instead.
        if (!byDefinition.remove(shape.definition(), shape)) {
            return false;
        }
        byHandle.remove(shape.handle(), shape);
        shape.retire(reason, outcome);
        return true;
    }

    /** The least recently used shapes beyond a maximum; those that have not started are never among them. */
    public List<Shape> excess(int max) {
        int over = size() - max;
        if (over <= 0) {
            return List.of();
        }
        record Used(Shape shape, long nanos) {}
        return byHandle.values().stream()
                .filter(s -> s.state() instanceof ShapeState.Following)
                .map(s -> new Used(s, s.lastUsedNanos()))
                .sorted(Comparator.comparingLong(Used::nanos))
                .limit(over)
                .map(Used::shape)
                .toList();
    }
}
