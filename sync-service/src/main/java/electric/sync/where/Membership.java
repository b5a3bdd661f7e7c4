package electric.sync.where;

import static electric.sync.where.Truth.TRUE;
import static electric.sync.where.Truth.UNKNOWN;

import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a value is one of many constants. */
final class Membership {
    /** So many numerics are compared one by one; beyond it the column is read as an object to be looked up. */
    private static final int FEW = 8;

    private Membership() {}

    /** A value by what its type calls equal. */
    private static final class Key {
        private final Domain domain;
        private final Object value;

        Key(Domain domain, Object value) {
            this.domain = domain;
            this.value = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && domain.equal(value, key.value);
        }

        @Override
        public int hashCode() {
            return domain.hash(value);
        }
    }

    /**
     * @param values without NULL
     * @param otherwise the answer for what is not among them: unknown where NULL was
     */
    static Predicate ofColumn(Expr.Column operand, Type domain, List<Object> values, Truth otherwise) {
        int column = operand.index();
        Representation held = Representation.of(operand.type());
        if (held.isInteger() && held == Representation.of(domain)) {
            LongSet set = new LongSet(
                    values.stream().mapToLong(v -> ((Number) v).longValue()).toArray());
            return row -> row.isNull(column) ? UNKNOWN : set.contains(row.integer(column)) ? TRUE : otherwise;
        }
        PgType<?> read = operand.type().values();
        boolean same = read == domain.values();
        if (operand.type() instanceof Type.Enumerated || (same && read == PgType.TEXT)) {
            TextSet set = texts(values.stream().map(v -> (String) v).toList());
            return row -> row.isNull(column)
                    ? UNKNOWN
                    : set.contains(row.bytes(column), row.start(column), row.length(column)) ? TRUE : otherwise;
        }
        if (same && read == PgType.BPCHAR) {
            TextSet set = texts(values.stream().map(v -> Text.trim((String) v)).toList());
            return row -> row.isNull(column) ? UNKNOWN : containsTrimmed(set, row, column) ? TRUE : otherwise;
        }
        if (same && read == PgType.NUMERIC && values.size() <= FEW) {
            Numeric[] few = values.toArray(Numeric[]::new);
            return row -> row.isNull(column) ? UNKNOWN : isOneOf(few, row, column) ? TRUE : otherwise;
        }
        return ofTerm(row -> row.isNull(column) ? null : row.value(column), domain, values, otherwise);
    }

    private static TextSet texts(List<String> values) {
        return new TextSet(values.stream().map(Text::utf8).toList());
    }

    private static boolean containsTrimmed(TextSet set, RowValues row, int column) {
        byte[] bytes = row.bytes(column);
        int start = row.start(column);
        return set.contains(bytes, start, Text.trimmedLength(bytes, start, row.length(column)));
    }

    private static boolean isOneOf(Numeric[] few, RowValues row, int column) {
        for (Numeric one : few) {
            if (one.compareTo(row.bytes(column), row.start(column), row.length(column)) == 0) {
                return true;
            }
        }
        return false;
    }

    static Predicate ofTerm(Term operand, Type domain, List<Object> values, Truth otherwise) {
        Domain compared = new Domain(domain);
        Set<Key> set = new HashSet<>();
        values.forEach(value -> set.add(new Key(compared, value)));
        return row -> {
            Object value = operand.value(row);
            return value == null ? UNKNOWN : set.contains(new Key(compared, value)) ? TRUE : otherwise;
        };
    }
}
