package electric.sync.serve;

import electric.sync.shape.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one event loop that wait for a shape to change. Watches a shape once however many wait for it, so that
 * a commit costs the ingest thread one hand-over per loop. Everything but {@link #changed} happens on the loop.
 *
 * <p>Thousands wait and are woken at once, and what was noted when they began to wait is cold by then: so a wait is a place
 * in an array and two neighbours, no timer of its own.
 */
final class Waiters implements Shape.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

    /** Somebody who waits for a shape. */
    abstract static sealed class Waiting permits Asked, ItemStream {
        private @Nullable Group group;
        private int place;

        // Neighbours among the long polls.
        private boolean polls;
        private long since;
        private @Nullable Waiting sooner;
        private @Nullable Waiting later;

        /**
         * The shape has changed.
         *
         * @return whether to be told of the next change too
         */
        abstract boolean look();

        /** Nobody may wait any longer. */
        abstract void timeIsUp();
    }

    /** Those who wait for one shape. */
    private static final class Group {
        private @Nullable Waiting[] members = new @Nullable Waiting[2];
        private int size;

        void add(Waiting asked) {
            if (size == members.length) {
                members = Arrays.copyOf(members, 2 * size);
            }
            asked.group = this;
            asked.place = size;
            members[size++] = asked;
        }

        void remove(Waiting asked) {
            asked.group = null;
            Waiting last = members[--size];
            members[size] = null;
            if (last != null && last != asked) {
                members[asked.place] = last;
                last.place = asked.place;
            }
        }
    }

    private final ShapeServer server;
    private final ScheduledExecutorService loop;
    private final long longPollNanos;
    private final Map<Shape, Group> groups = new HashMap<>();

    /** Whose members are being woken: none of them changes its place. */
    private @Nullable Group woken;

    private @Nullable Shape wokenFor;

    // Long polls last equally long, so they are queued as they came, and one timer is for the first.
    private @Nullable Waiting first;
    private @Nullable Waiting last;
    private @Nullable Future<?> timer;

    Waiters(ShapeServer server, ScheduledExecutorService loop) {
        this.server = server;
        this.loop = loop;
        this.longPollNanos = server.patience.longPoll().toNanos();
    }

    /** The caller must look at the shape again afterwards: it may have changed just before it was watched. */
    void add(Shape shape, Waiting asked) {
        groups.computeIfAbsent(shape, s -> {
                    s.watch(this);
                    return new Group();
                })
                .add(asked);
    }

    /** Lets somebody know, who waits for a shape too, when the time of a long poll is up. */
    void addLongPoll(Waiting asked) {
        asked.polls = true;
        asked.since = server.nanoTime.getAsLong();
        asked.sooner = last;
        if (last == null) {
            first = asked;
        } else {
            last.later = asked;
        }
        last = asked;
        if (timer == null) {
            ringIn(longPollNanos);
        }
    }

    void remove(Shape shape, Waiting asked) {
        removeLongPoll(asked);
        Group group = asked.group;
        if (group == null) {
            return;
        }
        if (group == woken) {
            asked.group = null;
            group.members[asked.place] = null;
        } else {
            group.remove(asked);
            unwatchWithout(shape, group);
        }
    }

    private void removeLongPoll(Waiting asked) {
        if (!asked.polls) {
            return;
        }
        asked.polls = false;
        if (asked.sooner == null) {
            first = asked.later;
        } else {
            asked.sooner.later = asked.later;
        }
        if (asked.later == null) {
            last = asked.sooner;
        } else {
            asked.later.sooner = asked.sooner;
        }
        asked.sooner = null;
        asked.later = null;
    }

    private void unwatchWithout(Shape shape, Group group) {
        // Who has looked and is about to go on waiting would miss what happens before the shape is watched again.
        if (group.size == 0 && shape != wokenFor) {
            groups.remove(shape);
            shape.unwatch(this);
        }
    }

    @Override
    public void changed(Shape shape) {
        loop.execute(() -> wake(shape));
    }

    private void wake(Shape shape) {
        Group all = groups.get(shape);
        if (all == null) {
            return;
        }
        Group next = new Group();
        groups.put(shape, next);
        woken = all;
        wokenFor = shape;
        for (int i = 0; i < all.size; i++) {
            Waiting asked = all.members[i];
            // Who has gone meanwhile has left a gap.
            if (asked != null) {
                asked.group = null;
                if (looks(asked)) {
                    next.add(asked);
                }
            }
        }
        woken = null;
        wokenFor = null;
        unwatchWithout(shape, next);
    }

    /** What goes wrong for one must not keep it from the others. */
    private static boolean looks(Waiting asked) {
        try {
            return asked.look();
        } catch (RuntimeException e) {
            LOG.error("A request that waited for a change could not be answered", e);
            return false;
        }
    }

    private void ringIn(long nanos) {
        timer = loop.schedule(this::ring, nanos, TimeUnit.NANOSECONDS);
    }

    private void ring() {
        timer = null;
        long now = server.nanoTime.getAsLong();
        for (Waiting asked = first; asked != null; asked = first) {
            long left = longPollNanos - (now - asked.since);
            if (left > 0) {
                ringIn(left);
                return;
            }
            removeLongPoll(asked);
            asked.timeIsUp();
        }
    }

    void drain() {
        loop.execute(() -> List.copyOf(groups.values()).forEach(group -> {
            for (@Nullable Waiting asked : Arrays.copyOf(group.members, group.size)) {
                if (asked != null) {
                    asked.timeIsUp();
                }
            }
        }));
    }
}
