package electric.sync.pg;

import electric.sync.change.Table;
import electric.sync.pg.Publication.Facts;
import electric.sync.pg.Publication.Result;
import electric.sync.pg.Publication.Tracked;
import electric.sync.pg.TableProblem.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables are followed, by which shapes, and whether Postgres streams them. A run compares all of it with the
 * publication and repairs what it may; runs follow changes of the set, and come by themselves once in a while. Until
 * {@link #resume} the publication, which may be another server's, is left alone.
 *
 * <p>Threads: any; runs, the listener and what depends on the futures are on the given thread, which must have no others
 * waiting for it.
 */
public final class PublishedTables implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PublishedTables.class);

    /** How long a shape waits for the lock of its table. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    /** How long the locked tables of one run may hold up the tables that came after it. */
    private static final Duration LOCK_LIMIT_OF_A_RUN = Duration.ofSeconds(1);

    private final Publication publication;
    private final Connections connections;
    private final ScheduledExecutorService thread;
    private final Duration debounce;
    private final Duration refreshPeriod;
    private final Listener listener;
    private final Map<Integer, Followed> tables = new HashMap<>();
    private boolean runScheduled;
    private boolean paused = true;
    private boolean closed;
    private boolean generatedColumns;
    private String lastTrouble = "";
    private @Nullable ScheduledFuture<?> refresh;

    /** Who must act on what the runs find. Called on the thread of the runs. */
    public interface Listener {
        /** These shapes cannot be followed any more; they are tracked no longer. */
        void lost(int tableOid, Set<String> handles, TableProblem why);

        /** The publication is gone: everything about the connection must be set up anew. */
        void publicationMissing();

        /** Operations had not been published: every shape may have missed changes. */
        void operationsWereMissing();
    }

    private record Waiter(String handle, CompletableFuture<Void> done) {}

    /** A table and the shapes that need it. */
    private static final class Followed {
        private final Tracked table;

        /** By handle, whether the shape needs stored generated columns. */
        private final Map<String, Boolean> handles = new HashMap<>();

        private List<Waiter> waiters = new ArrayList<>();

        /** The waiters that the current run answers: those who came before it began. */
        private List<Waiter> inRun = new ArrayList<>();

        private boolean ready;
        private long lockedSinceNanos;
        private String lastTrouble = "";

        Followed(Tracked table) {
            this.table = table;
        }
    }

    public PublishedTables(
            Publication publication,
            Connections connections,
            ScheduledExecutorService thread,
            Duration debounce,
            Duration refreshPeriod,
            Listener listener) {
        this.publication = publication;
        this.connections = connections;
        this.thread = thread;
        this.debounce = debounce;
        this.refreshPeriod = refreshPeriod;
        this.listener = listener;
    }

    /**
     * The publication is ours to alter: the lock is held, and the tables of the shapes that exist already have been added.
     * Compares at once.
     */
    public synchronized void resume() {
        paused = false;
        schedule(Duration.ZERO);
    }

    /** The publication is no longer ours to alter. What is added meanwhile fails. */
    public synchronized void pause() {
        paused = true;
    }

    /**
     * Has the table streamed for a shape; adding it again changes nothing.
     *
     * @return completes when Postgres has committed that the table is streamed; fails with a {@link TableProblem}, and then
     *     the shape is still to be {@link #remove}d
     */
    public CompletableFuture<Void> add(String handle, Table table, Collection<String> columns) {
        if (has(table, Table.Generated.VIRTUAL)) {
            // Its writers come first: what we would have to do to the table makes their statements fail.
            return CompletableFuture.failedFuture(new TableProblem(
                    Kind.KNOWN,
                    "Database table \"" + table.name() + "\" has virtual generated columns. Postgres refuses UPDATE and"
                            + " DELETE on such a table once its replica identity is FULL, which following it needs. Make"
                            + " the columns STORED, or move them to a view"));
        }
        boolean generated = has(table, Table.Generated.STORED)
                && columns.stream()
                        .map(table::column)
                        .anyMatch(column -> column != null && column.generated() == Table.Generated.STORED);
        synchronized (this) {
            Followed followed =
                    tables.computeIfAbsent(table.oid(), oid -> new Followed(new Tracked(oid, table.name())));
            if (!followed.table.name().equals(table.name())) {
                // The table was renamed: the next run finds the shapes under its old name lost, and these after them.
                return CompletableFuture.failedFuture(new TableProblem(
                        Kind.SCHEMA_CHANGED, "Database table \"" + table.name() + "\" has been dropped or renamed"));
            }
            followed.handles.put(handle, generated);
            if (followed.ready) {
                return generated && !generatedColumns
                        ? CompletableFuture.failedFuture(publication.generatedColumnsMissing())
                        : CompletableFuture.completedFuture(null);
            }
            Waiter waiter = new Waiter(handle, new CompletableFuture<>());
            followed.waiters.add(waiter);
            schedule(debounce);
            return waiter.done;
        }
    }

    private static boolean has(Table table, Table.Generated generated) {
        for (Table.Column column : table.columns()) {
            if (column.generated() == generated) {
                return true;
            }
        }
        return false;
    }

    /** The shape is gone. Its table leaves the publication when it was the last to need it; nobody waits for that. */
    public void remove(int tableOid, String handle) {
        List<Waiter> abandoned = new ArrayList<>();
        synchronized (this) {
            Followed followed = tables.get(tableOid);
            if (followed == null || followed.handles.remove(handle) == null) {
                return;
            }
            followed.waiters.removeIf(w -> w.handle.equals(handle) && abandoned.add(w));
            if (dropIfUnused(followed)) {
                schedule(debounce);
            }
        }
        for (Waiter waiter : abandoned) {
            waiter.done.completeExceptionally(
                    new TableProblem(Kind.KNOWN, "Shape removed before updating publication"));
        }
    }

    /** All shapes are gone. */
    public void clear() {
        Map<Integer, Set<String>> handles = new HashMap<>();
        synchronized (this) {
            tables.forEach((oid, followed) -> handles.put(oid, Set.copyOf(followed.handles.keySet())));
        }
        handles.forEach((oid, of) -> of.forEach(handle -> remove(oid, handle)));
    }

    /** Compares with the publication now. */
    public synchronized void refresh() {
        schedule(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (refresh != null) {
            refresh.cancel(false);
        }
    }

    private boolean dropIfUnused(Followed followed) {
        return followed.handles.isEmpty() && tables.remove(followed.table.oid(), followed);
    }

    private synchronized void schedule(Duration delay) {
        if (!runScheduled && !closed) {
            runScheduled = true;
            ScheduledFuture<?> unused = thread.schedule(this::run, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        List<Tracked> tracked = new ArrayList<>();
        boolean mayNot;
        synchronized (this) {
            if (closed) {
                return;
            }
            mayNot = paused;
            runScheduled = false;
            for (Followed followed : tables.values()) {
                tracked.add(followed.table);
                followed.inRun = followed.waiters;
                followed.waiters = new ArrayList<>();
            }
        }
        if (mayNot) {
            failAll(new TableProblem(Kind.CONNECTION, "Database connection not available"));
            return;
        }
        try (Connection admin = connections.connection()) {
            compare(admin, tracked);
            lastTrouble = "";
        } catch (SQLException e) {
            TableProblem problem = TableProblem.of(e);
            trouble("Failed to configure publication " + publication.name() + ": " + problem.message());
            failAll(problem);
        } catch (RuntimeException e) {
            log.error("Failed to configure publication {}", publication.name(), e);
            failAll(new TableProblem(Kind.UNEXPECTED, "Unexpected error while creating snapshot: " + e.getMessage()));
        } finally {
            scheduleRefresh();
        }
    }

    /** The period counts from the last run, whatever caused it and however it ended. */
    private synchronized void scheduleRefresh() {
        if (refresh != null) {
            refresh.cancel(false);
        }
        if (!closed) {
            refresh = thread.schedule(this::run, refreshPeriod.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void compare(Connection admin, List<Tracked> tracked) throws SQLException {
        Optional<Facts> known = publication.facts(admin);
        if (known.isEmpty()) {
            misconfigured(publication.notFound());
            if (!publication.manual()) {
                listener.publicationMissing();
            }
            return;
        }
        Facts facts = known.get();
        if (!facts.allOperations()) {
            if (!publication.mayAlter(facts)) {
                misconfigured(publication.operationsMissing());
                return;
            }
            log.warn("{}. It is made to again; changes may have been missed", publication.operationsMissing());
            publication.publishAllOperations(admin);
            listener.operationsWereMissing();
        }
        synchronized (this) {
            generatedColumns = facts.generatedColumns();
        }
        publication.configure(admin, facts, tracked, LOCK_LIMIT_OF_A_RUN, this::report);
    }

    private void misconfigured(String why) {
        trouble("Publication fatal misconfiguration: " + why + ". "
                + (publication.manual()
                        ? "Recovery attempt skipped due to manual table publishing mode. Please ensure that the"
                                + " publication is created and configured correctly."
                        : "Attempting recovery through a restart and fresh setup of connection subsystem."));
        failAll(new TableProblem(Kind.KNOWN, why));
    }

    private void report(int oid, Result result) {
        switch (result) {
            case Result.Ready ready -> ready(oid, ready.added());
            case Result.Locked locked -> locked(oid);
            case Result.Failed failed -> failed(oid, failed.problem());
            case Result.Withheld withheld -> withheld(oid, withheld.problem());
            case Result.Gone gone -> failed(oid, gone.problem());
        }
    }

    private void ready(int oid, boolean added) {
        List<Waiter> answered;
        Set<String> unanswered;
        Set<String> withoutGenerated = new HashSet<>();
        Set<String> withGap = new HashSet<>();
        synchronized (this) {
            Followed followed = tables.get(oid);
            if (followed == null) {
                return;
            }
            answered = followed.inRun;
            followed.inRun = new ArrayList<>();
            unanswered = handlesOf(followed.waiters);
            if (added && followed.ready) {
                withGap.addAll(followed.handles.keySet());
            }
            if (!generatedColumns) {
                followed.handles.forEach((handle, selected) -> {
                    if (selected) {
                        withoutGenerated.add(handle);
                    }
                });
            }
            followed.ready = true;
            followed.lockedSinceNanos = 0;
            followed.lastTrouble = "";
        }
        for (Waiter waiter : answered) {
            if (withoutGenerated.contains(waiter.handle)) {
                waiter.done.completeExceptionally(publication.generatedColumnsMissing());
            } else {
                waiter.done.complete(null);
            }
        }
        unanswered.addAll(handlesOf(answered));
        withoutGenerated.removeAll(unanswered);
        withGap.removeAll(unanswered);
        withGap.removeAll(withoutGenerated);
        lose(oid, withoutGenerated, publication.generatedColumnsMissing());
        lose(oid, withGap, new TableProblem(Kind.KNOWN, "The table was missing from the publication for a while"));
    }

    private void locked(int oid) {
        List<Waiter> answered = List.of();
        synchronized (this) {
            Followed followed = tables.get(oid);
            if (followed == null) {
                return;
            }
            long now = System.nanoTime();
            if (followed.lockedSinceNanos == 0) {
                followed.lockedSinceNanos = now;
            }
            if (now - followed.lockedSinceNanos >= LOCK_PATIENCE.toNanos()) {
                answered = followed.inRun;
                followed.lockedSinceNanos = 0;
            } else {
                followed.waiters.addAll(0, followed.inRun);
                if (!followed.waiters.isEmpty()) {
                    schedule(Duration.ZERO);
                }
            }
            followed.inRun = new ArrayList<>();
        }
        answered.forEach(waiter -> waiter.done.completeExceptionally(TableProblem.tableLocked()));
    }

    /** Who selects what is not published is told that; the others, why it matters to them. */
    private void withheld(int oid, TableProblem problem) {
        List<Waiter> selecting = new ArrayList<>();
        synchronized (this) {
            Followed followed = tables.get(oid);
            if (followed != null) {
                followed.inRun.stream()
                        .filter(waiter -> Boolean.TRUE.equals(followed.handles.get(waiter.handle)))
                        .forEach(selecting::add);
            }
        }
        selecting.forEach(waiter -> waiter.done.completeExceptionally(publication.generatedColumnsMissing()));
        failed(oid, problem);
    }

    private void failed(int oid, TableProblem problem) {
        List<Waiter> answered;
        Set<String> others;
        Followed followed;
        synchronized (this) {
            followed = tables.get(oid);
            if (followed == null) {
                return;
            }
            answered = followed.inRun;
            followed.inRun = new ArrayList<>();
            followed.ready = false;
            followed.lockedSinceNanos = 0;
            others = new HashSet<>(followed.handles.keySet());
            others.removeAll(handlesOf(answered));
            others.removeAll(handlesOf(followed.waiters));
            if (!problem.message().equals(followed.lastTrouble)) {
                followed.lastTrouble = problem.message();
                log.warn(
                        "Failed to configure publication for relation {}: {}",
                        followed.table.name(),
                        problem.message());
            }
        }
        answered.forEach(waiter -> waiter.done.completeExceptionally(problem));
        if (problem.kind() != Kind.CONNECTION && !others.isEmpty()) {
            log.info(
                    "Cleaning up all shapes for relations [{{}, {\"{}\", \"{}\"}}]: {} shapes total",
                    Integer.toUnsignedString(oid),
                    followed.table.name().schema(),
                    followed.table.name().name(),
                    others.size());
            lose(oid, others, problem);
        }
    }

    private void lose(int oid, Set<String> handles, TableProblem why) {
        if (handles.isEmpty()) {
            return;
        }
        synchronized (this) {
            Followed followed = tables.get(oid);
            if (followed != null) {
                followed.handles.keySet().removeAll(handles);
                if (dropIfUnused(followed)) {
                    schedule(debounce);
                }
            }
        }
        listener.lost(oid, Set.copyOf(handles), why);
    }

    private void failAll(TableProblem problem) {
        List<Waiter> answered = new ArrayList<>();
        synchronized (this) {
            for (Followed followed : tables.values()) {
                answered.addAll(followed.inRun);
                followed.inRun = new ArrayList<>();
            }
        }
        answered.forEach(waiter -> waiter.done.completeExceptionally(problem));
    }

    /** The same trouble at every refresh is said once. */
    private void trouble(String line) {
        if (!line.equals(lastTrouble)) {
            lastTrouble = line;
            log.warn(line);
        }
    }

    private static Set<String> handlesOf(List<Waiter> waiters) {
        Set<String> handles = new HashSet<>();
        waiters.forEach(waiter -> handles.add(waiter.handle));
        return handles;
    }
}
