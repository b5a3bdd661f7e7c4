package electric.sync.serve;

import electric.sync.shape.Shape;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The requests of one event loop that wait for a shape to change. Watches a shape once however many wait for it, so that
 * a commit costs the ingest thread one hand-over per loop. Everything but {@link #changed} happens on the loop.
 */
final class Waiters implements Shape.Watcher {
    /** Somebody who waits for a shape. */
    interface Waiting {
        /** The shape has changed. */
        void look();

        /** Nobody may wait any longer. */
        void timeIsUp();
    }

    private final Executor loop;
    private final Map<Shape, Set<Waiting>> waiting = new HashMap<>();

    Waiters(Executor loop) {
        this.loop = loop;
    }

    /** The caller must look at the shape again afterwards: it may have changed just before it was watched. */
    void add(Shape shape, Waiting asked) {
        waiting.computeIfAbsent(shape, s -> {
                    s.watch(this);
                    return new LinkedHashSet<>();
                })
                .add(asked);
    }

    void remove(Shape shape, Waiting asked) {
        Set<Waiting> others = waiting.get(shape);
        if (others != null && others.remove(asked) && others.isEmpty()) {
            waiting.remove(shape);
            shape.unwatch(this);
        }
    }

    @Override
    public void changed(Shape shape) {
        loop.execute(() -> {
            Set<Waiting> asked = waiting.get(shape);
            if (asked != null) {
                List.copyOf(asked).forEach(Waiting::look);
            }
        });
    }

    void drain() {
        loop.execute(() -> List.copyOf(waiting.values())
                .forEach(asked -> List.copyOf(asked).forEach(Waiting::timeIsUp)));
    }
}
