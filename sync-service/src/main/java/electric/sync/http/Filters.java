package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.where.DatabaseLocale;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Filters by their text, read once however many requests bring the same. What is refused of a table that is remembered is
 * held against the table as it is now before it is refused: a label may have been added to an enum, which no stream tells.
 *
 * <p>Threads: any; {@link #read} never blocks.
 */
public final class Filters {
    private static final int MAX_REMEMBERED = 10_000;

    /** Of clauses and parameters: a thousand of the longest are remembered, and ten thousand of the usual. */
    private static final long MAX_REMEMBERED_CHARS = 64 << 20;

    /**
     * A filter, with the table that it was read for.
     *
     * @param filter {@code null} where the clause is none
     */
    record Read(Table table, @Nullable Filter filter) {}

    /**
     * @param visible the columns that may be asked for; {@code null} for all
     * @param subset whether it is for some of the rows of a shape
     */
    private record Key(
            Table table,
            String where,
            List<String> parameters,
            @Nullable List<String> visible,
            boolean subset) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && where.equals(key.where)
                    && parameters.equals(key.parameters)
                    && Objects.equals(visible, key.visible)
                    && subset == key.subset
                    && (table == key.table || table.equals(key.table));
        }

        @Override
        public int hashCode() {
            return Objects.hash(table.oid(), where, parameters);
        }

        long chars() {
            long chars = where.length();
            for (String parameter : parameters) {
                chars += parameter.length();
            }
            return chars;
        }
    }

    private final Function<RelationName, Optional<Table>> lookAgain;
    private final DatabaseLocale locale;
    private final Executor workers;
    private final Map<Key, CompletableFuture<Read>> remembered = new LinkedHashMap<>(16, 0.75f, true);
    private long rememberedChars;
    private final Counter known;
    private final Counter unknown;
    private final Counter forgotten;

    /**
     * @param lookAgain what a table is like now; asks the database
     * @param locale may ask the database
     * @param workers where clauses are read, and the database is waited for
     */
    public Filters(
            Function<RelationName, Optional<Table>> lookAgain, DatabaseLocale locale, Executor workers, Meter meter) {
        this.lookAgain = lookAgain;
        this.locale = locale;
        this.workers = workers;
        this.known = meter.counter(Metric.FILTERS_ASKED_FOR, "yes");
        this.unknown = meter.counter(Metric.FILTERS_ASKED_FOR, "no");
        this.forgotten = meter.counter(Metric.FILTERS_FORGOTTEN);
        meter.shows(Metric.FILTERS_REMEMBERED, this::size);
    }

    /** Fails with {@link InvalidWhere}, or with whatever the database or the workers are in the way of. */
    CompletableFuture<Read> read(Table table, String where, List<String> parameters) {
        return read(new Key(table, where, parameters, null, false));
    }

    /**
     * As {@link #read}, for some of the rows of a shape.
     *
     * @param visible the columns that may be asked for; {@code null} for all
     */
    CompletableFuture<Read> readSubset(
            Table table, String where, List<String> parameters, @Nullable List<String> visible) {
        return read(new Key(table, where, parameters, visible, true));
    }

    private CompletableFuture<Read> read(Key key) {
        CompletableFuture<Read> read = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Read> before = remembered.get(key);
            if (before != null) {
                known.increment();
                return before.copy();
            }
            unknown.increment();
            remember(key, read);
        }
        try {
            workers.execute(() -> read(key, read));
        } catch (RejectedExecutionException tooMany) {
            forget(key, read);
            read.completeExceptionally(tooMany);
        }
        return read.copy();
    }

    private void read(Key key, CompletableFuture<Read> read) {
        try {
            read.complete(readAgainstTable(key));
        } catch (InvalidWhere | RuntimeException refused) {
            forget(key, read);
            read.completeExceptionally(refused);
        }
    }

    private Read readAgainstTable(Key key) throws InvalidWhere {
        try {
            return read(key, key.table);
        } catch (InvalidWhere refused) {
            Table now = lookAgain.apply(key.table.name()).orElse(key.table);
            if (now.equals(key.table)) {
                throw refused;
            }
            return read(key, now);
        }
    }

    private Read read(Key key, Table table) throws InvalidWhere {
        Optional<Filter> filter = key.subset
                ? Filter.ofSubset(
                        key.where, key.parameters, key.visible == null ? table : table.withOnly(key.visible), locale)
                : Filter.of(key.where, key.parameters, table, locale);
        return new Read(table, filter.orElse(null));
    }

    private void remember(Key key, CompletableFuture<Read> read) {
        remembered.put(key, read);
        rememberedChars += key.chars();
        Iterator<Key> eldest = remembered.keySet().iterator();
        while (remembered.size() > MAX_REMEMBERED || rememberedChars > MAX_REMEMBERED_CHARS) {
            rememberedChars -= eldest.next().chars();
            eldest.remove();
            forgotten.increment();
        }
    }

    private synchronized int size() {
        return remembered.size();
    }

    private synchronized void forget(Key key, CompletableFuture<Read> read) {
        if (remembered.remove(key, read)) {
            rememberedChars -= key.chars();
        }
    }
}
