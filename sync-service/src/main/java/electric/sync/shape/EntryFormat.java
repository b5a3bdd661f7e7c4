package electric.sync.shape;

import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table look in the logs of all shapes that select the same columns in the same replica mode. Snapshot
 * rows and changes are written by the same code from the same text, so their keys and values agree byte for byte.
 *
 * <p>Hot. Everything that does not depend on the row is written out once. An entry is encoded at most once per change
 * however many shapes take it. Used under the ingest lock, except {@link #snapshotRow}, which has its own buffer per
 * caller.
 */
public final class EntryFormat {
    private static final byte[] NULL_VALUE = ascii("null");
    private static final byte[] NULL_KEY = ascii("/_");
    private static final byte[] KEY_OPENS = ascii("/\\\"");
    private static final byte[] KEY_CLOSES = ascii("\\\"");
    private static final byte[] VALUE_OPENS = ascii("\",\"value\":{");
    private static final byte[] OLD_VALUE_OPENS = ascii("},\"old_value\":{");
    private static final byte[] HEADERS_OPEN = ascii("},\"headers\":{\"operation\":\"");
    private static final byte[] KEY_CHANGE_TO = ascii(",\"key_change_to\":\"");
    private static final byte[] KEY_CHANGE_FROM = ascii(",\"key_change_from\":\"");
    private static final byte[] INSERT = ascii("insert");
    private static final byte[] UPDATE = ascii("update");
    private static final byte[] DELETE = ascii("delete");
    private static final byte[] QUOTE = ascii("\"");

    /** What closes an entry that is not the last of its transaction in a log, and one that is. */
    static final byte[] CLOSING = ascii("}}");

    static final byte[] CLOSING_LAST = ascii(",\"last\":true}}");

    /** What shapes must have in common to share one format. */
    public record Id(Table table, List<String> columns, ShapeDefinition.Replica replica) {
        public static Id of(Table table, ShapeDefinition definition) {
            return new Id(table, definition.columns(), definition.replica());
        }
    }

    /** Where a described relation has the columns of this format. */
    static final class Binding {
        final Relation relation;
        final int[] selected;
        final int[] key;

        /** Whether all columns of the table are there as they were. */
        final boolean whole;

        Binding(Relation relation, int[] selected, int[] key, boolean whole) {
            this.relation = relation;
            this.selected = selected;
            this.key = key;
            this.whole = whole;
        }
    }

    /** An encoded entry without its closing bytes, and the op position it was encoded for. */
    static final class Encoded {
        final JsonBytes bytes = new JsonBytes(256);
        private @Nullable Transaction transaction;
        private int op;

        private boolean isFor(Transaction asked, int position) {
            return op == position && transaction == asked;
        }

        private JsonBytes restart(Transaction begun, int position) {
            transaction = begun;
            op = position;
            bytes.clear();
            return bytes;
        }
    }

    private final Table table;
    private final List<Table.Column> selected;
    private final List<Table.Column> identity;
    private final boolean withOldValues;
    private final boolean hasKey;

    private final byte[] opening;
    private final byte[] keyOpening;
    private final byte[] relationHeader;
    private final byte[][] names;

    /** Columns a snapshot query must read, in this order: the selected ones, then key columns that are not among them. */
    private final List<String> snapshotColumns;

    private final Binding snapshotBinding;

    private final Encoded inserted = new Encoded();
    private final Encoded updated = new Encoded();
    private final Encoded deleted = new Encoded();

    /** The halves of a move: of the same change, a shape that keeps the row needs them, one that loses it does not. */
    private final Encoded movedAway = new Encoded();

    private final Encoded movedHere = new Encoded();

    /** By relation: the root of a partition tree is streamed under the names of its leaves. */
    private final Map<Integer, Binding> bindings = new HashMap<>();

    private @Nullable Binding bound;

    public EntryFormat(Table table, ShapeDefinition definition) {
        this.table = table;
        this.selected = definition.columns().stream()
                .map(name -> Objects.requireNonNull(table.column(name)))
                .toList();
        this.identity = table.identity();
        this.hasKey = !table.primaryKey().isEmpty();
        this.withOldValues = definition.replica() == ShapeDefinition.Replica.FULL;

        JsonBytes relation = new JsonBytes(64);
        string(
                relation,
                RelationName.quote(definition.table().schema())
                        + "."
                        + RelationName.quote(definition.table().name()));
        byte[] keyPrefix = copy(relation);
        this.opening = concat(ascii("{\"key\":\""), keyPrefix);
        this.keyOpening = keyPrefix;

        relation.clear();
        relation.raw(ascii("\",\"relation\":[\""));
        string(relation, definition.table().schema());
        relation.raw(ascii("\",\""));
        string(relation, definition.table().name());
        relation.raw(ascii("\"]"));
        this.relationHeader = copy(relation);

        this.names = new byte[selected.size()][];
        for (int i = 0; i < names.length; i++) {
            JsonBytes name = new JsonBytes(32);
            name.raw((byte) '"');
            string(name, selected.get(i).name());
            name.raw(ascii("\":"));
            names[i] = copy(name);
        }

        Set<String> read = new LinkedHashSet<>();
        selected.forEach(c -> read.add(c.name()));
        identity.forEach(c -> read.add(c.name()));
        this.snapshotColumns = List.copyOf(read);
        this.snapshotBinding = new Binding(
                new Relation(table.oid(), table.name(), 'f', List.of()),
                selected.stream()
                        .mapToInt(c -> snapshotColumns.indexOf(c.name()))
                        .toArray(),
                identity.stream()
                        .mapToInt(c -> snapshotColumns.indexOf(c.name()))
                        .toArray(),
                false);
    }

    public Table table() {
        return table;
    }

    public List<String> snapshotColumns() {
        return snapshotColumns;
    }

    /**
     * A snapshot row, whole: one buffer per snapshot, rewritten for every row.
     *
     * @param mark further headers, each behind a comma
     */
    void snapshotRow(JsonBytes out, Row row, byte[] mark) {
        out.clear();
        out.raw(opening);
        key(out, row, snapshotBinding);
        out.raw(VALUE_OPENS);
        allValues(out, row, snapshotBinding);
        out.raw(HEADERS_OPEN).raw(INSERT).raw(relationHeader).raw(mark).raw(CLOSING);
    }

    /**
     * Finds the columns in a relation of the stream.
     *
     * @return what no longer fits, or {@code null} when everything does
     */
    @Nullable
    String bind(Relation relation, boolean allColumns) {
        // First, and of each shape: one that names all columns shares the format with one that names none.
        if (allColumns && relation.columns().size() != selected.size()) {
            return "columns were added or removed";
        }
        if (bound != null && bound.relation == relation) {
            return null;
        }
        Binding known = bindings.get(relation.oid());
        if (known != null && known.relation == relation) {
            bound = known;
            return null;
        }
        if (relation.oid() == table.oid() && !relation.name().equals(table.name())) {
            return "the table is now called " + relation.name();
        }
        int[] selectedAt = new int[selected.size()];
        int[] keyAt = new int[identity.size()];
        String misfit = locate(relation, selected, selectedAt);
        if (misfit == null) {
            misfit = locate(relation, identity, keyAt);
        }
        if (misfit == null && !hasKey && relation.columns().size() != identity.size()) {
            misfit = "columns were added or removed, and without a primary key all of them identify a row";
        }
        if (misfit == null) {
            List<Table.Column> all = table.columns();
            boolean whole = locate(relation, all, new int[all.size()]) == null;
            bound = new Binding(relation, selectedAt, keyAt, whole);
            bindings.put(relation.oid(), bound);
        }
        return misfit;
    }

    /** Whether the relation bound last has all columns of the table as they were, so that no filter can ask for others. */
    boolean boundWhole() {
        return bound().whole;
    }

    private static @Nullable String locate(Relation relation, List<Table.Column> columns, int[] at) {
        for (int i = 0; i < at.length; i++) {
            Table.Column wanted = columns.get(i);
            at[i] = -1;
            for (int j = 0; j < relation.columns().size(); j++) {
                Relation.Column there = relation.columns().get(j);
                if (there.name().equals(wanted.name())) {
                    if (there.typeOid() != wanted.typeOid()) {
                        return "column " + wanted.name() + " has another type";
                    }
                    at[i] = j;
                    break;
                }
            }
            if (at[i] < 0) {
                return "column " + wanted.name() + " is gone";
            }
        }
        return null;
    }

    /** Whether rows of this relation are identified by different keys. */
    boolean sameKey(Row old, Row row) {
        return same(old, row, bound().key);
    }

    /** Whether no selected column differs. */
    boolean sameValues(Row old, Row row) {
        return same(old, row, bound().selected);
    }

    private static boolean same(Row old, Row row, int[] columns) {
        for (int column : columns) {
            if (!row.sameValue(column, old, column)) {
                return false;
            }
        }
        return true;
    }

    Encoded insert(Transaction transaction, int op, Row row) {
        if (!inserted.isFor(transaction, op)) {
            JsonBytes out = open(inserted, transaction, op, row);
            allValues(out, row, bound());
            headers(out, INSERT, transaction, op);
        }
        return inserted;
    }

    Encoded update(Transaction transaction, int op, Row old, Row row) {
        if (!updated.isFor(transaction, op)) {
            Binding binding = bound();
            JsonBytes out = open(updated, transaction, op, row);
            if (withOldValues) {
                allValues(out, row, binding);
                out.raw(OLD_VALUE_OPENS);
                changedValues(out, old, row, old, binding);
            } else {
                keyAndChangedValues(out, old, row, binding);
            }
            headers(out, UPDATE, transaction, op);
        }
        return updated;
    }

    Encoded delete(Transaction transaction, int op, Row old) {
        if (!deleted.isFor(transaction, op)) {
            JsonBytes out = open(deleted, transaction, op, old);
            oldValues(out, old, bound());
            headers(out, DELETE, transaction, op);
        }
        return deleted;
    }

    /** The first half of an update that moves a row to another key. */
    Encoded deleteMoved(Transaction transaction, int op, Row old, Row row) {
        if (!movedAway.isFor(transaction, op)) {
            JsonBytes out = open(movedAway, transaction, op, old);
            oldValues(out, old, bound());
            movedHeaders(out, DELETE, KEY_CHANGE_TO, row, transaction, op);
        }
        return movedAway;
    }

    /** The second half. */
    Encoded insertMoved(Transaction transaction, int op, Row old, Row row) {
        if (!movedHere.isFor(transaction, op)) {
            JsonBytes out = open(movedHere, transaction, op, row);
            allValues(out, row, bound());
            movedHeaders(out, INSERT, KEY_CHANGE_FROM, old, transaction, op);
        }
        return movedHere;
    }

    private Binding bound() {
        return Objects.requireNonNull(bound, "not bound to a relation");
    }

    private JsonBytes open(Encoded entry, Transaction transaction, int op, Row keyOf) {
        JsonBytes out = entry.restart(transaction, op);
        out.raw(opening);
        key(out, keyOf, bound());
        return out.raw(VALUE_OPENS);
    }

    private static void key(JsonBytes out, Row row, Binding binding) {
        for (int column : binding.key) {
            if (row.isNull(column)) {
                out.raw(NULL_KEY);
            } else {
                out.raw(KEY_OPENS).keyText(row.bytes(column), row.start(column), row.length(column));
                out.raw(KEY_CLOSES);
            }
        }
    }

    private void value(JsonBytes out, int index, boolean first, Row row, int column) {
        if (!first) {
            out.raw((byte) ',');
        }
        out.raw(names[index]);
        int length = row.length(column);
        if (length < 0) {
            out.raw(NULL_VALUE);
        } else {
            out.raw((byte) '"')
                    .text(row.bytes(column), row.start(column), length)
                    .raw((byte) '"');
        }
    }

    private void allValues(JsonBytes out, Row row, Binding binding) {
        for (int i = 0; i < names.length; i++) {
            value(out, i, i == 0, row, binding.selected[i]);
        }
    }

    private void oldValues(JsonBytes out, Row old, Binding binding) {
        if (withOldValues || !hasKey) {
            allValues(out, old, binding);
        } else {
            boolean first = true;
            for (int i = 0; i < names.length; i++) {
                if (selected.get(i).keyIndex() >= 0) {
                    value(out, i, first, old, binding.selected[i]);
                    first = false;
                }
            }
        }
    }

    private void changedValues(JsonBytes out, Row old, Row row, Row source, Binding binding) {
        boolean first = true;
        for (int i = 0; i < names.length; i++) {
            int column = binding.selected[i];
            if (!row.sameValue(column, old, column)) {
                value(out, i, first, source, column);
                first = false;
            }
        }
    }

    private void keyAndChangedValues(JsonBytes out, Row old, Row row, Binding binding) {
        boolean first = true;
        for (int i = 0; i < names.length; i++) {
            int column = binding.selected[i];
            if (selected.get(i).keyIndex() >= 0 || !row.sameValue(column, old, column)) {
                value(out, i, first, row, column);
                first = false;
            }
        }
    }

    private void headers(JsonBytes out, byte[] operation, Transaction transaction, int op) {
        out.raw(HEADERS_OPEN).raw(operation).raw(relationHeader);
        transaction.position(out, op);
    }

    private void movedHeaders(
            JsonBytes out, byte[] operation, byte[] label, Row otherRow, Transaction transaction, int op) {
        out.raw(HEADERS_OPEN).raw(operation).raw(relationHeader).raw(label).raw(keyOpening);
        key(out, otherRow, bound());
        out.raw(QUOTE);
        transaction.position(out, op);
    }

    private static void string(JsonBytes out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.text(utf8, 0, utf8.length);
    }

    private static byte[] copy(JsonBytes bytes) {
        return java.util.Arrays.copyOf(bytes.array(), bytes.length());
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
