package electric.sync.pg;

import electric.sync.change.RelationName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list, kept by Postgres, of the tables whose changes are streamed. A table that is followed must be on it and have the
 * replica identity FULL.
 *
 * <p>Threads: one at a time per connection; no state of its own but the last line it logged.
 */
public final class Publication {
    private static final Logger log = LoggerFactory.getLogger(Publication.class);
    private static final String ACTION_LIMIT = "5s";
    private static final int SILENCE_LIMIT_MILLIS = 10_000;
    private static final int GENERATED_COLUMNS_SINCE = 180_000;

    private static final String FACTS = """
            SELECT pg_has_role(p.pubowner, 'USAGE'), p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate,
                coalesce(to_jsonb(p) ->> 'pubgencols' = 's', false),
                coalesce(to_jsonb(p) ->> 'pubgencols' <> 's', false), p.puballtables
            FROM pg_publication p WHERE p.pubname = ?""";

    /** The tables on the list and those that should be; of partitions only those that still need another identity. */
    private static final String TABLES = """
            SELECT c.oid::int8, n.nspname, c.relname, c.relkind = 'p', c.relreplident = 'f', r.prrelid IS NOT NULL,
                ARRAY(
                    SELECT pn.nspname::text
                    FROM pg_partition_tree(c.oid) t
                    JOIN pg_class pc ON pc.oid = t.relid
                    JOIN pg_namespace pn ON pn.oid = pc.relnamespace
                    WHERE t.level > 0 AND pc.relkind = 'r' AND pc.relreplident <> 'f'
                    ORDER BY pc.oid),
                ARRAY(
                    SELECT pc.relname::text
                    FROM pg_partition_tree(c.oid) t
                    JOIN pg_class pc ON pc.oid = t.relid
                    WHERE t.level > 0 AND pc.relkind = 'r' AND pc.relreplident <> 'f'
                    ORDER BY pc.oid),
                EXISTS (
                    SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_publication_rel r
                ON r.prrelid = c.oid AND r.prpubid = (SELECT oid FROM pg_publication WHERE pubname = ?)
            WHERE c.oid = ANY (?::oid[]) OR r.prrelid IS NOT NULL
            ORDER BY n.nspname, c.relname""";

    private final String name;
    private final boolean manual;
    private String lastLine = "";

    /**
     * @param owned whether we may alter it
     * @param allOperations whether it publishes inserts, updates, deletes and truncates
     * @param generatedColumns whether it publishes stored generated columns
     * @param withheldColumns whether it could, and does not
     * @param allTables whether it is a publication of all tables, which has no list
     */
    public record Facts(
            boolean owned,
            boolean allOperations,
            boolean generatedColumns,
            boolean withheldColumns,
            boolean allTables) {}

    /** A table that should be on the list. */
    record Tracked(int oid, RelationName name) {}

    /** What became of a tracked table. */
    sealed interface Result {
        /** @param added whether it had to be put on the list */
        record Ready(boolean added) implements Result {}

        /** Its lock could not be had in time; trying again makes sense. */
        record Locked() implements Result {}

        record Failed(TableProblem problem) implements Result {}

        /** It has generated columns that are not published, and was left alone. */
        record Withheld(TableProblem problem) implements Result {}

        /** There is no such table any more, or it has another name. */
        record Gone(TableProblem problem) implements Result {}
    }

    /** Told of each tracked table as soon as its fate is known. */
    @FunctionalInterface
    interface Progress {
        void table(int oid, Result result);
    }

    private record Found(
            int oid,
            RelationName name,
            boolean partitioned,
            boolean full,
            boolean member,
            List<RelationName> partitionsNotFull,
            boolean generatedColumns) {
        boolean complete() {
            return member && identified();
        }

        boolean identified() {
            return full && partitionsNotFull.isEmpty();
        }
    }

    /** @param manual whether only to look, never to alter */
    public Publication(String name, boolean manual) {
        this.name = name;
        this.manual = manual;
    }

    public String name() {
        return name;
    }

    public boolean manual() {
        return manual;
    }

    /**
     * Makes sure that there is a publication.
     *
     * @return whether it had to be created: whatever was streamed before has a gap then
     * @throws PublicationUnusable when there is none, or one that does not do, and we may not create one
     */
    public boolean create(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute("CREATE PUBLICATION " + quoted()
                    + (serverVersion(statement) >= GENERATED_COLUMNS_SINCE
                            ? " WITH (publish_generated_columns = stored)"
                            : ""));
            return true;
        } catch (SQLException e) {
            if (DatabaseError.hasState(e, "42710")) {
                return false;
            }
            if (!DatabaseError.hasState(e, "42501")) {
                throw e;
            }
        }
        Facts facts = facts(admin).orElseThrow(() -> new PublicationUnusable(notFound()));
        if (!facts.allOperations()) {
            throw new PublicationUnusable(operationsMissing());
        }
        return false;
    }

    /** As part of beginning afresh. Never in manual mode: then it is not ours to drop. */
    public void drop(Connection admin) throws SQLException {
        if (manual) {
            return;
        }
        try (Statement statement = admin.createStatement()) {
            statement.execute("DROP PUBLICATION IF EXISTS " + quoted());
        }
    }

    /** Empty when there is no such publication. */
    public Optional<Facts> facts(Connection admin) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(FACTS)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Facts(
                                row.getBoolean(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBoolean(5)))
                        : Optional.empty();
            }
        }
    }

    String notFound() {
        return "Publication \"" + name + "\" not found in the database";
    }

    String operationsMissing() {
        return "Publication \"" + name
                + "\" does not publish all required operations: INSERT, UPDATE, DELETE, TRUNCATE";
    }

    TableProblem generatedColumnsMissing() {
        return new TableProblem(
                TableProblem.Kind.KNOWN,
                generatedColumnsNotPublished()
                        + " Alternatively, you can exclude them from the shape by explicitly listing which columns to fetch"
                        + " in the 'columns' query param.");
    }

    /** Writers come first: what we would have to do to the table makes their statements fail. */
    private TableProblem wouldRefuseWriters(RelationName table) {
        return new TableProblem(
                TableProblem.Kind.KNOWN,
                generatedColumnsNotPublished() + " Until then Postgres would refuse UPDATE and DELETE on "
                        + shown(table) + " once its replica identity is FULL, which following it needs.");
    }

    private String generatedColumnsNotPublished() {
        return "Publication \"" + name
                + "\" does not publish generated columns. This is a feature introduced in PostgreSQL 18 and requires"
                + " setting the publication parameter 'publish_generated_columns' to 'stored'.";
    }

    boolean mayAlter(Facts facts) {
        return !manual && facts.owned();
    }

    /** Makes it publish inserts, updates, deletes and truncates. */
    void publishAllOperations(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute("ALTER PUBLICATION " + quoted() + " SET (publish = 'insert, update, delete, truncate')");
        }
    }

    /**
     * Makes the list what it should be, or only checks it where we may not alter it. Each table is handled on its own, in
     * one order for every server, so that no failure and no lock is another table's trouble for long.
     *
     * @param lockLimit how long to wait for the locks of all tables together
     * @throws SQLException when the connection failed; tables not yet reported are then as they were
     */
    void configure(Connection admin, Facts facts, Collection<Tracked> tracked, Duration lockLimit, Progress progress)
            throws SQLException {
        admin.setNetworkTimeout(Runnable::run, SILENCE_LIMIT_MILLIS);
        Map<Integer, Tracked> wanted = tracked.stream().collect(Collectors.toMap(Tracked::oid, Function.identity()));
        List<Found> found = tables(admin, facts, wanted.keySet());
        Map<Integer, Found> byOid = found.stream().collect(Collectors.toMap(Found::oid, Function.identity()));
        List<Tracked> gone = tracked.stream()
                .filter(table -> !isAt(byOid, table))
                .sorted(Comparator.comparing(table -> table.name().toString()))
                .toList();
        List<Found> kept = found.stream()
                .filter(table -> wanted.containsKey(table.oid()) && !gone.contains(wanted.get(table.oid())))
                .toList();
        List<Found> unwanted = found.stream()
                .filter(table -> table.member() && !facts.allTables() && !kept.contains(table))
                .toList();
        for (Tracked table : gone) {
            progress.table(table.oid(), new Result.Gone(droppedOrRenamed(table.name())));
        }
        if (mayAlter(facts)) {
            List<Found> harmed = facts.withheldColumns()
                    ? kept.stream()
                            .filter(table -> table.generatedColumns() && !table.complete())
                            .toList()
                    : List.of();
            harmed.forEach(table -> progress.table(table.oid(), new Result.Withheld(wouldRefuseWriters(table.name()))));
            List<Found> others =
                    kept.stream().filter(table -> !harmed.contains(table)).toList();
            alter(admin, others, unwanted, gone, lockLimit, progress);
        } else {
            verify(kept, progress);
        }
    }

    private static boolean isAt(Map<Integer, Found> byOid, Tracked table) {
        Found found = byOid.get(table.oid());
        return found != null && found.name().equals(table.name());
    }

    private void alter(
            Connection admin,
            List<Found> kept,
            List<Found> unwanted,
            List<Tracked> gone,
            Duration lockLimit,
            Progress progress)
            throws SQLException {
        List<Found> incomplete =
                kept.stream().filter(table -> !table.complete()).toList();
        kept.stream().filter(Found::complete).forEach(table -> progress.table(table.oid(), new Result.Ready(false)));
        if (incomplete.isEmpty() && unwanted.isEmpty()) {
            return;
        }
        say("Configuring publication " + name
                + " to drop " + names(unwanted, Found::name)
                + " tables, add "
                + names(incomplete.stream().filter(t -> !t.member()).toList(), Found::name)
                + " tables, and configure replica identity for "
                + names(incomplete.stream().filter(t -> !t.identified()).toList(), Found::name)
                + " tables - skipping altered tables " + names(gone, Tracked::name));
        Duration lockLimitEach = lockLimit.dividedBy(Math.max(1, incomplete.size() + unwanted.size()));
        for (Found table : incomplete) {
            progress.table(table.oid(), complete(admin, table, lockLimitEach));
        }
        for (Found table : unwanted) {
            dropFromList(admin, table, lockLimitEach);
        }
    }

    /** Also what a server does that may alter nothing. */
    private void verify(List<Found> kept, Progress progress) {
        List<Found> verified = new ArrayList<>();
        for (Found table : kept) {
            Optional<TableProblem> problem = problemOf(table);
            if (problem.isEmpty()) {
                verified.add(table);
            }
            progress.table(
                    table.oid(), problem.<Result>map(Result.Failed::new).orElseGet(() -> new Result.Ready(false)));
        }
        say("Verified publication " + name + " to include " + names(verified, Found::name)
                + " tables with REPLICA IDENTITY FULL");
    }

    private Optional<TableProblem> problemOf(Found table) {
        if (!table.member()) {
            return Optional.of(new TableProblem(
                    TableProblem.Kind.KNOWN,
                    "Database table " + shown(table.name()) + " is missing from the publication \"" + name + "\" and "
                            + (manual
                                    ? "the ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents Electric from adding it"
                                    : "Electric lacks privileges to add it")));
        }
        if (!table.full()) {
            return Optional.of(identityNotFull(table.name()));
        }
        return table.partitionsNotFull().stream().findFirst().map(Publication::identityNotFull);
    }

    /** On the list before FULL: the other way round, changes could be streamed that lack the old row. */
    private Result complete(Connection admin, Found table, Duration lockLimit) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            begin(statement, lockLimit);
            boolean added = false;
            if (!table.member()) {
                added = addToList(statement, table);
            }
            // A writer older than the list's entry is missing from the stream if it commits after the snapshot. The
            // lock
            // waits for it to end; where the identity is altered, the lock of that does the same.
            if (added && (table.full() || table.partitioned())) {
                statement.execute("LOCK TABLE " + table.name().quoted() + " IN SHARE ROW EXCLUSIVE MODE");
            }
            if (!table.full()) {
                statement.execute("ALTER TABLE " + table.name().quoted() + " REPLICA IDENTITY FULL");
            }
            for (RelationName partition : table.partitionsNotFull()) {
                statement.execute("ALTER TABLE " + partition.quoted() + " REPLICA IDENTITY FULL");
            }
            statement.execute("COMMIT");
            return new Result.Ready(!table.member());
        } catch (SQLException e) {
            rollback(admin, e);
            return resultOf(e, table);
        }
    }

    private boolean addToList(Statement statement, Found table) throws SQLException {
        statement.execute("SAVEPOINT add");
        try {
            // ONLY: tables that inherit from this one would come with it, and be dropped as unwanted by the next run.
            statement.execute("ALTER PUBLICATION " + quoted() + " ADD TABLE ONLY "
                    + table.name().quoted());
            return true;
        } catch (SQLException e) {
            if (!DatabaseError.hasState(e, "42710")) {
                throw e;
            }
            statement.execute("ROLLBACK TO SAVEPOINT add");
            return false;
        }
    }

    private void dropFromList(Connection admin, Found table, Duration lockLimit) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            begin(statement, lockLimit);
            statement.execute("ALTER PUBLICATION " + quoted() + " DROP TABLE ONLY "
                    + table.name().quoted());
            statement.execute("COMMIT");
        } catch (SQLException e) {
            rollback(admin, e);
            boolean alreadyGone = DatabaseError.hasState(e, "42704", "42P01", "3F000");
            if (!alreadyGone) {
                log.warn("Failed to drop {} from publication {}: {}", table.name(), name, DatabaseError.text(e));
            }
        }
    }

    private static void begin(Statement statement, Duration lockLimit) throws SQLException {
        statement.execute("BEGIN; SET LOCAL lock_timeout = " + Math.max(1, lockLimit.toMillis())
                + "; SET LOCAL statement_timeout = '" + ACTION_LIMIT + "'");
    }

    /** Fails with the failure itself when the connection is what failed. */
    private static void rollback(Connection admin, SQLException failure) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private static Result resultOf(SQLException e, Found table) {
        // Lock not available, statement timeout, deadlock.
        if (DatabaseError.hasState(e, "55P03", "57014", "40P01")) {
            return new Result.Locked();
        }
        // Dropped or renamed since it was found.
        if (DatabaseError.hasState(e, "42P01", "3F000")) {
            return new Result.Gone(droppedOrRenamed(table.name()));
        }
        return new Result.Failed(TableProblem.of(e));
    }

    private static TableProblem identityNotFull(RelationName table) {
        return new TableProblem(
                TableProblem.Kind.KNOWN,
                "Database table " + shown(table) + " does not have its replica identity set to FULL");
    }

    private static TableProblem droppedOrRenamed(RelationName table) {
        return new TableProblem(
                TableProblem.Kind.SCHEMA_CHANGED, "Database table " + shown(table) + " has been dropped or renamed");
    }

    private List<Found> tables(Connection admin, Facts facts, Collection<Integer> tracked) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(TABLES)) {
            statement.setString(1, name);
            statement.setString(
                    2, tracked.stream().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}")));
            List<Found> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Found(
                            (int) row.getLong(1),
                            new RelationName(row.getString(2), row.getString(3)),
                            row.getBoolean(4),
                            row.getBoolean(5),
                            facts.allTables() || row.getBoolean(6),
                            names((String[]) row.getArray(7).getArray(), (String[])
                                    row.getArray(8).getArray()),
                            row.getBoolean(9)));
                }
            }
            return found;
        }
    }

    private static List<RelationName> names(String[] schemas, String[] tables) {
        List<RelationName> names = new ArrayList<>();
        for (int i = 0; i < tables.length; i++) {
            names.add(new RelationName(schemas[i], tables[i]));
        }
        return names;
    }

    private static <T> String names(List<T> tables, Function<T, RelationName> nameOf) {
        return tables.stream().map(nameOf).map(Publication::shown).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String shown(RelationName table) {
        return '"' + table.toString() + '"';
    }

    /** What is still the case is not said again at every refresh. */
    private void say(String line) {
        if (!line.equals(lastLine)) {
            lastLine = line;
            log.info(line);
        }
    }

    private static int serverVersion(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW server_version_num")) {
            row.next();
            return row.getInt(1);
        }
    }

    private String quoted() {
        return RelationName.quote(name);
    }
}
