package electric.oracle;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.SnapshotRow;
import electric.oracle.ShapeDefinition.Log;
import electric.oracle.ShapeDefinition.Replica;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a shape as its log tells them, and the judge of each item against the rows before it. */
public final class View {
    private final ShapeDefinition definition;
    private final Schema schema;
    private final List<String> primaryKey;
    private final Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private @Nullable List<String> relation;
    private long digest;

    View(ShapeDefinition definition, Schema schema) {
        this.definition = definition;
        this.schema = schema;
        this.primaryKey = schema.primaryKey();
        definition
                .columns()
                .ifPresent(selected -> Violation.unless(
                        schema.names().equals(Set.copyOf(selected)),
                        "asked for " + selected + ", the schema has " + schema.names()));
    }

    public Map<String, Map<String, @Nullable String>> rows() {
        return Collections.unmodifiableMap(rows);
    }

    /** The {@link RowDigest}s of all rows together. */
    public long digest() {
        return digest;
    }

    /** The keys of all changes so far: with a log of changes only, what can be known about. */
    Set<String> changed() {
        return Collections.unmodifiableSet(changed);
    }

    void apply(SnapshotRow row) {
        Violation.unless(definition.log() == Log.FULL, "a snapshot row in a log of changes only: " + row.key());
        insert(row.key(), schema.plain(row.value()), row.relation());
    }

    void apply(Change change) {
        changed.add(change.key());
        switch (change.operation()) {
            case INSERT -> {
                Violation.unless(change.oldValue().isEmpty(), "an insert with an old_value: " + change);
                Violation.unless(change.keyChangeTo().isEmpty(), "an insert with key_change_to: " + change);
                insert(change.key(), schema.plain(change.value()), change.relation());
            }
            case UPDATE -> update(change);
            case DELETE -> delete(change);
        }
    }

    private void insert(String key, Map<String, @Nullable String> value, List<String> told) {
        checkRelation(told);
        Violation.unless(
                value.keySet().equals(schema.names()),
                "not all selected columns " + schema.names() + " in the insert of " + key + ": " + value.keySet());
        schema.checkNulls(value);
        checkKey(key, value);
        Violation.unless(!rows.containsKey(key), "an insert of a present key: " + key);
        put(key, Optional.empty(), value);
    }

    private void update(Change change) {
        checkRelation(change.relation());
        Violation.unless(schema.hasPrimaryKey(), "an update where every column is the key: " + change);
        Violation.unless(
                change.keyChangeFrom().isEmpty() && change.keyChangeTo().isEmpty(),
                "an update that changes a key: " + change);
        Violation.unless(schema.names().containsAll(change.value().keySet()), "columns nobody selected: " + change);
        schema.checkNulls(change.value());
        checkKey(change.key(), change.value());
        Map<String, @Nullable String> value = schema.plain(change.value());
        Optional<Map<String, @Nullable String>> before = known(change.key(), "an update");
        switch (definition.replica()) {
            case DEFAULT -> {
                Violation.unless(change.oldValue().isEmpty(), "an old_value nobody asked for: " + change);
                Violation.unless(
                        change.value().size() > primaryKey.size(), "an update that changes nothing: " + change);
                before.ifPresent(row -> value.forEach((name, after) -> Violation.unless(
                        primaryKey.contains(name) || !Objects.equals(row.get(name), after),
                        name + " did not change, but is in " + change)));
            }
            case FULL -> {
                Violation.unless(change.value().keySet().equals(schema.names()), "not the whole row: " + change);
                Map<String, @Nullable String> old = schema.plain(change.oldValue()
                        .orElseThrow(() -> new Violation("no old_value with replica=full: " + change)));
                Violation.unless(!old.isEmpty(), "an update that changes nothing: " + change);
                before.ifPresent(row -> Violation.unless(
                        old.equals(differing(row, value)), "old_value is not what " + change + " changed of " + row));
            }
        }
        before.ifPresent(row -> {
            Map<String, @Nullable String> after = new HashMap<>(row);
            after.putAll(value);
            put(change.key(), before, after);
        });
    }

    private void delete(Change change) {
        checkRelation(change.relation());
        Violation.unless(change.oldValue().isEmpty(), "a delete with an old_value: " + change);
        Violation.unless(change.keyChangeFrom().isEmpty(), "a delete with key_change_from: " + change);
        Set<String> told =
                definition.replica() == Replica.FULL || primaryKey.isEmpty() ? schema.names() : Set.copyOf(primaryKey);
        Violation.unless(change.value().keySet().equals(told), "not exactly the columns " + told + ": " + change);
        checkKey(change.key(), change.value());
        Map<String, @Nullable String> value = schema.plain(change.value());
        known(change.key(), "a delete").ifPresent(row -> {
            for (String name : told) {
                Violation.unless(
                        Objects.equals(row.get(name), value.get(name)), name + " is not what it was: " + change);
            }
            rows.remove(change.key());
            digest -= RowDigest.of(change.key(), row);
        });
    }

    /** Rows never change, so that whoever copies the map has what the view was. */
    private void put(String key, Optional<Map<String, @Nullable String>> before, Map<String, @Nullable String> after) {
        before.ifPresent(row -> digest -= RowDigest.of(key, row));
        rows.put(key, after);
        digest += RowDigest.of(key, after);
    }

    /** The present row of a key; with a log of changes only there may be none. */
    private Optional<Map<String, @Nullable String>> known(String key, String what) {
        Map<String, @Nullable String> row = rows.get(key);
        Violation.unless(row != null || definition.log() == Log.CHANGES_ONLY, what + " of an absent key: " + key);
        return Optional.ofNullable(row);
    }

    private void checkRelation(List<String> told) {
        if (relation == null) {
            relation = told;
        }
        Violation.unless(told.equals(relation), "the relation was " + relation + " and is now " + told);
    }

    /** Without a primary key the order of the columns is the table's, which only Postgres can tell. */
    private void checkKey(String key, Map<String, @Nullable String> value) {
        if (!primaryKey.isEmpty()) {
            Violation.unless(value.keySet().containsAll(primaryKey), "no key columns with " + key);
            String expected = Key.of(
                    Objects.requireNonNull(relation, "checked before"),
                    primaryKey.stream().<@Nullable String>map(value::get).toList());
            Violation.unless(key.equals(expected), "the key is " + key + ", but should be " + expected);
        }
    }

    private static Map<String, @Nullable String> differing(
            Map<String, @Nullable String> row, Map<String, @Nullable String> from) {
        Map<String, @Nullable String> different = new HashMap<>(row);
        different.entrySet().removeIf(column -> Objects.equals(column.getValue(), from.get(column.getKey())));
        return different;
    }
}
