package electric.sync.pg;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.Table.Column;
import electric.sync.change.Table.Generated;
import electric.sync.change.ValueType;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tables there are and how they look, remembered until it is forgotten here. That a table does not exist is never
 * remembered. Look-ups of the same table at the same time are one.
 *
 * <p>Threads: any; {@link #table} and {@link #remembered} never block, the others do.
 */
public final class Catalog {
    private static final Logger log = LoggerFactory.getLogger(Catalog.class);
    private static final int LIMIT_SECONDS = 5;

    /** So many tables are more likely generated names than tables in use; then all are looked up anew. */
    private static final int MAX_TABLES = 20_000;

    private static final int GENERATED_COLUMNS_REPLICATED_SINCE = 180_000;

    private static final String DESCRIBE = """
            SELECT current_setting('server_version_num')::int, c.oid::int8, n.nspname, c.relname, c.relkind = 'p',
                ARRAY(SELECT relid::oid::int8 FROM pg_partition_tree(c.oid) WHERE level > 0 ORDER BY relid::oid),
                a.attname, a.atttypid::int8, a.atttypmod,
                CASE WHEN a.attndims > 0 AND e.typname IS NOT NULL THEN e.typname ELSE t.typname END,
                a.attndims, a.attnotnull, a.attgenerated, k.position,
            """ + ColumnCollation.SELECTED + """
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_type e ON e.oid = t.typelem
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            LEFT JOIN LATERAL (
                SELECT o - 1 AS position
                FROM unnest(i.indkey) WITH ORDINALITY AS key (attnum, o)
                WHERE key.attnum = a.attnum AND o <= i.indnkeyatts
            ) k ON true
            """ + ColumnCollation.JOINED + """
            WHERE c.relkind IN ('r', 'p') AND\s""";

    private static final String BY_NAME = DESCRIBE + "n.nspname = ? AND c.relname = ? ORDER BY c.oid, a.attnum";

    private static final String BY_OIDS = DESCRIBE + "c.oid = ANY (?::oid[]) ORDER BY c.oid, a.attnum";

    private static final String SHOWN = """
            SELECT a.attrelid::int8, a.attname, a.atttypid::int8, a.atttypmod,
                (SELECT CASE WHEN a.attndims = 0 THEN t.typname
                    ELSE coalesce((SELECT e.typname FROM pg_type e WHERE e.oid = t.typelem), t.typname) END
                    FROM pg_type t WHERE t.oid = a.atttypid),
                a.attndims, a.attnotnull, a.attgenerated,
                (SELECT array_position(i.indkey[0:i.indnkeyatts - 1]::int2[], a.attnum) - 1
                    FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary),
                a.attcollation::int8,
                (SELECT co.collname FROM pg_collation co WHERE co.oid = a.attcollation),
                (SELECT con.nspname FROM pg_namespace con WHERE con.oid =
                    (SELECT co.collnamespace FROM pg_collation co WHERE co.oid = a.attcollation))
            FROM pg_attribute a
            WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = (
                SELECT c.oid FROM pg_class c WHERE c.relname = ? AND c.relkind IN ('r', 'p')
                    AND c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = ?))
            ORDER BY a.attnum""";

    private static final String ANCESTORS = """
            SELECT relid::oid::int8 FROM pg_partition_ancestors(?::oid::regclass) WITH ORDINALITY AS up (relid, distance)
            WHERE distance > 1 ORDER BY distance""";

    private static final String PARTITIONS =
            "SELECT relid::oid::int8 FROM pg_partition_tree(?::oid::regclass) WHERE level > 0 ORDER BY relid::oid";

    private final Connections connections;
    private final Executor lookups;
    private final Map<RelationName, Table> byName = new ConcurrentHashMap<>();
    private final Map<Integer, Table> byOid = new ConcurrentHashMap<>();
    private final Map<RelationName, CompletableFuture<Optional<Table>>> pending = new HashMap<>();
    private long forgotten;
    private volatile int serverVersion;

    /**
     * A remembered table that is not what it was.
     *
     * @param now empty when there is no table with this oid any more
     */
    public record Drift(Table before, Optional<Table> now) {}

    /** @param lookups where look-ups run, and block */
    public Catalog(Connections connections, Executor lookups) {
        this.connections = connections;
        this.lookups = lookups;
    }

    /** Empty when there is no such table, or something of this name that is no table; fails with {@link DatabaseUnavailable}. */
    public CompletableFuture<Optional<Table>> table(RelationName name) {
        Table known = byName.get(name);
        if (known != null) {
            return CompletableFuture.completedFuture(Optional.of(known));
        }
        CompletableFuture<Optional<Table>> asked = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Optional<Table>> same = pending.putIfAbsent(name, asked);
            if (same != null) {
                return same.copy();
            }
        }
        lookups.execute(() -> {
            try {
                Optional<Table> found = lookUp(name);
                done(name, asked);
                asked.complete(found);
            } catch (DatabaseUnavailable e) {
                done(name, asked);
                asked.completeExceptionally(e);
            }
        });
        return asked.copy();
    }

    /** As {@link #table}, waiting for the answer; not for event loops. */
    public Optional<Table> tableNow(RelationName name) {
        try {
            return table(name).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof DatabaseUnavailable unavailable ? unavailable : e;
        }
    }

    /**
     * Asks the database whatever is remembered, and waits for the answer; not for event loops. What is as it was stays
     * remembered.
     */
    public Optional<Table> refreshed(RelationName name) {
        long asOf = forgotten();
        Optional<Table> now = read(() -> describe(name)).findFirst();
        synchronized (this) {
            if (asOf == forgotten && !Optional.ofNullable(byName.get(name)).equals(now)) {
                forget(name);
                now.ifPresent(table -> remember(forgotten, table));
            }
        }
        return now;
    }

    /** What is known of a table without asking the database. */
    public @Nullable Table remembered(int oid) {
        return byOid.get(oid);
    }

    /** Waits for the answer; not for event loops. */
    public Optional<Table> tableByOid(int oid) {
        Table known = byOid.get(oid);
        return known != null ? Optional.of(known) : remember(forgotten(), () -> describe(List.of(oid)));
    }

    /** The partition parents of a table, nearest first. Always asks the database. */
    public List<Integer> ancestors(int oid) {
        return relatives(ANCESTORS, oid);
    }

    /** The tables below a partitioned one, at every depth. Always asks the database. */
    public List<Integer> partitions(int oid) {
        return relatives(PARTITIONS, oid);
    }

    private List<Integer> relatives(String query, int oid) {
        try (Connection connection = borrowed();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setQueryTimeout(LIMIT_SECONDS);
            statement.setLong(1, Integer.toUnsignedLong(oid));
            List<Integer> relatives = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    relatives.add((int) rows.getLong(1));
                }
            }
            return relatives;
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    /**
     * Compares what is remembered with what is. What differs is forgotten, under its old and its new name; new partitions of
     * a table are no difference, only news.
     */
    public List<Drift> drift() {
        Map<Integer, Table> before = Map.copyOf(byOid);
        if (before.isEmpty()) {
            return List.of();
        }
        Map<Integer, Table> now = read(() -> describe(List.copyOf(before.keySet())))
                .collect(Collectors.toMap(Table::oid, table -> table));
        List<Drift> drifts = new ArrayList<>();
        before.forEach((oid, table) -> {
            Optional<Table> live = Optional.ofNullable(now.get(oid));
            // Somebody who noticed earlier has replaced it already.
            if (byOid.get(oid) != table || live.equals(Optional.of(table))) {
                return;
            }
            forget(oid);
            live.ifPresent(renamed -> forget(renamed.name()));
            if (live.isEmpty() || !sameButForPartitions(table, live.get())) {
                drifts.add(new Drift(table, live));
            }
        });
        return drifts;
    }

    public synchronized void forget(int oid) {
        forgotten++;
        // One of them may be about this table, under whatever name.
        pending.clear();
        Table table = byOid.remove(oid);
        if (table != null) {
            byName.remove(table.name(), table);
        }
    }

    public synchronized void forget(RelationName name) {
        forgotten++;
        pending.remove(name);
        Table table = byName.remove(name);
        if (table != null) {
            byOid.remove(table.oid(), table);
        }
    }

    public synchronized void clear() {
        forgotten++;
        pending.clear();
        byName.clear();
        byOid.clear();
    }

    /** As in {@code server_version_num}; 0 until a table has been looked up. */
    public int serverVersion() {
        return serverVersion;
    }

    /** Whether stored generated columns can be part of a shape. */
    public boolean generatedColumnsReplicated() {
        return serverVersion >= GENERATED_COLUMNS_REPLICATED_SINCE;
    }

    private interface Lookup {
        List<Table> tables() throws SQLException;
    }

    private Optional<Table> lookUp(RelationName name) {
        return remember(forgotten(), () -> describe(name));
    }

    private Optional<Table> remember(long asOf, Lookup lookup) {
        Optional<Table> found = read(lookup).findFirst();
        found.ifPresent(table -> remember(asOf, table));
        return found;
    }

    private static Stream<Table> read(Lookup lookup) {
        try {
            return lookup.tables().stream();
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    private synchronized long forgotten() {
        return forgotten;
    }

    /** What was read before something was forgotten may be the very thing that was to be forgotten. */
    private synchronized void remember(long asOf, Table table) {
        if (asOf != forgotten) {
            return;
        }
        if (byOid.size() >= MAX_TABLES) {
            log.warn("More than {} tables are in use; their descriptions are read anew", MAX_TABLES);
            clear();
        }
        forgetOthersOf(table);
        byOid.put(table.oid(), table);
        byName.put(table.name(), table);
    }

    private void forgetOthersOf(Table table) {
        Table sameName = byName.remove(table.name());
        if (sameName != null) {
            byOid.remove(sameName.oid());
        }
        Table sameOid = byOid.remove(table.oid());
        if (sameOid != null) {
            byName.remove(sameOid.name(), sameOid);
        }
    }

    private synchronized void done(RelationName name, CompletableFuture<Optional<Table>> asked) {
        pending.remove(name, asked);
    }

    private static boolean sameButForPartitions(Table a, Table b) {
        return a.name().equals(b.name())
                && a.partitioned() == b.partitioned()
                && a.columns().equals(b.columns());
    }

    private Connection borrowed() throws SQLException {
        Connection connection = connections.connection();
        // A database that has gone silent must not keep a worker for ever.
        connection.setNetworkTimeout(Runnable::run, 2 * LIMIT_SECONDS * 1000);
        return connection;
    }

    private List<Table> describe(RelationName name) throws SQLException {
        try (Connection connection = borrowed();
                PreparedStatement statement = connection.prepareStatement(BY_NAME)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.name());
            return tables(connection, statement);
        }
    }

    private List<Table> describe(List<Integer> oids) throws SQLException {
        try (Connection connection = borrowed();
                PreparedStatement statement = connection.prepareStatement(BY_OIDS)) {
            statement.setString(
                    1, oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}")));
            return tables(connection, statement);
        }
    }

    private List<Table> tables(Connection connection, PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout(LIMIT_SECONDS);
        Map<Integer, Table> tables = new LinkedHashMap<>();
        Map<Integer, List<Column>> columns = new HashMap<>();
        Set<Integer> typeOids = new HashSet<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                serverVersion = row.getInt(1);
                int oid = (int) row.getLong(2);
                if (!tables.containsKey(oid)) {
                    RelationName name = new RelationName(row.getString(3), row.getString(4));
                    tables.put(oid, new Table(oid, name, row.getBoolean(5), List.of(), oids(row.getArray(6))));
                }
                Column column = column(row);
                typeOids.add(column.typeOid());
                columns.computeIfAbsent(oid, o -> new ArrayList<>()).add(column);
            }
        }
        if (tables.isEmpty()) {
            return List.of();
        }
        ColumnTypes types = ColumnTypes.read(connection, typeOids, LIMIT_SECONDS);
        Collation byDefault = ColumnCollation.byDefault(connection, LIMIT_SECONDS);
        return tables.values().stream()
                .map(table -> new Table(
                        table.oid(),
                        table.name(),
                        table.partitioned(),
                        columns.getOrDefault(table.oid(), List.of()).stream()
                                .map(column -> column.withValues(types.of(column.typeOid())))
                                .toList(),
                        table.partitions(),
                        byDefault))
                .toList();
    }

    /**
     * Whether a transaction sees a table under its name as it is described here; types are taken for what they were. Compares
     * what {@link #DESCRIBE} reads, but looks each thing up by its key: planning the joins would cost Postgres more than a
     * small snapshot.
     */
    static boolean shows(Connection connection, Table table) throws SQLException {
        int columns = 0;
        try (PreparedStatement statement = connection.prepareStatement(SHOWN)) {
            statement.setString(1, table.name().name());
            statement.setString(2, table.name().schema());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (columns == table.columns().size()
                            || (int) row.getLong(1) != table.oid()
                            || !shows(row, table.columns().get(columns))) {
                        return false;
                    }
                    columns++;
                }
            }
        }
        return columns == table.columns().size();
    }

    private static boolean shows(ResultSet row, Column column) throws SQLException {
        Collation collation = column.collation();
        int position = row.getInt(9);
        int keyIndex = row.wasNull() ? -1 : position;
        String collationName = row.getString(11);
        return row.getString(2).equals(column.name())
                && (int) row.getLong(3) == column.typeOid()
                && row.getInt(4) == column.typmod()
                && row.getString(5).equals(column.typeName())
                && row.getInt(6) == column.dimensions()
                && row.getBoolean(7) == column.notNull()
                && generated(row.getString(8)) == column.generated()
                && keyIndex == column.keyIndex()
                && (int) row.getLong(10) == (collation == null ? 0 : collation.oid())
                && (collation == null
                        ? collationName == null
                        : collation.schema().equals(row.getString(12))
                                && collation.name().equals(collationName));
    }

    /** Its values are not known yet. */
    private static Column column(ResultSet row) throws SQLException {
        int keyIndex = row.getInt(14);
        boolean key = !row.wasNull();
        return new Column(
                row.getString(7),
                (int) row.getLong(8),
                row.getInt(9),
                row.getString(10),
                row.getInt(11),
                row.getBoolean(12),
                generated(row.getString(13)),
                key ? keyIndex : -1,
                new ValueType.Other(row.getString(10)),
                ColumnCollation.read(row, 15));
    }

    private static Generated generated(String attgenerated) {
        return switch (attgenerated) {
            case "s" -> Generated.STORED;
            case "v" -> Generated.VIRTUAL;
            default -> Generated.NO;
        };
    }

    private static List<Integer> oids(Array array) throws SQLException {
        List<Integer> oids = new ArrayList<>();
        for (Long oid : (Long[]) array.getArray()) {
            oids.add(oid.intValue());
        }
        return oids;
    }
}
