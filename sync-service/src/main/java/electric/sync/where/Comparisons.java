package electric.sync.where;

import static electric.sync.where.Truth.UNKNOWN;

import electric.sync.value.Float8;
import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.value.Uuid;
import java.util.Arrays;

/** Comparisons of columns, without objects where it can be. */
final class Comparisons {
    private static final int UUID_LENGTH = 36;

    private Comparisons() {}

    static Predicate withConstant(Verdict verdict, Type domain, Expr.Column left, Object constant) {
        int column = left.index();
        Representation held = Representation.of(left.type());
        Representation compared = Representation.of(domain);
        if (held.isInteger() && held == compared) {
            return withLong(verdict, column, ((Number) constant).longValue());
        }
        if (held.isFloat() && compared.isFloat()) {
            return withDouble(verdict, column, ((Number) constant).doubleValue());
        }
        if (held == Representation.BOOL && held == compared) {
            boolean bool = (Boolean) constant;
            return row -> row.isNull(column) ? UNKNOWN : verdict.of(Boolean.compare(row.bool(column), bool));
        }
        if (isEnumerated(left.type(), domain, verdict)) {
            return withText(verdict, column, Text.utf8((String) constant));
        }
        if (both(PgType.NUMERIC, left.type(), domain)) {
            return withNumeric(verdict.flipped(), column, (Numeric) constant);
        }
        if (both(PgType.TEXT, left.type(), domain)) {
            return withText(verdict, column, Text.utf8((String) constant));
        }
        if (both(PgType.BPCHAR, left.type(), domain)) {
            return withBlanks(verdict, column, Text.utf8(Text.trim((String) constant)));
        }
        if (both(PgType.UUID, left.type(), domain)) {
            return withUuid(verdict, column, (Uuid) constant);
        }
        Domain values = new Domain(domain);
        return row -> row.isNull(column) ? UNKNOWN : order(verdict, values, row.value(column), constant);
    }

    /** What the order is, or for equality only whether they are equal: some values have no certain order. */
    static Truth order(Verdict verdict, Domain domain, Object left, Object right) {
        return verdict.ofEquality()
                ? domain.equal(left, right) ? verdict.equal() : verdict.less()
                : verdict.of(domain.compare(left, right));
    }

    private static Predicate withLong(Verdict verdict, int column, long constant) {
        return verdict.equal() == Truth.TRUE && verdict.ofEquality()
                ? row -> row.isNull(column) ? UNKNOWN : Truth.of(row.integer(column) == constant)
                : row -> row.isNull(column) ? UNKNOWN : verdict.of(Long.compare(row.integer(column), constant));
    }

    private static Predicate withDouble(Verdict verdict, int column, double constant) {
        return row -> row.isNull(column) ? UNKNOWN : verdict.of(Float8.compare(row.number(column), constant));
    }

    /** @param verdict of the order of the constant against the column */
    private static Predicate withNumeric(Verdict verdict, int column, Numeric constant) {
        return row -> row.isNull(column)
                ? UNKNOWN
                : verdict.of(constant.compareTo(row.bytes(column), row.start(column), row.length(column)));
    }

    private static Predicate withText(Verdict verdict, int column, byte[] constant) {
        return verdict.ofEquality()
                ? row -> row.isNull(column) ? UNKNOWN : isText(row, column, constant) ? verdict.equal() : verdict.less()
                : row -> row.isNull(column)
                        ? UNKNOWN
                        : verdict.of(compareText(row, column, row.length(column), constant));
    }

    private static boolean isText(RowValues row, int column, byte[] constant) {
        int length = row.length(column);
        int start = row.start(column);
        return length == constant.length
                && Arrays.equals(row.bytes(column), start, start + length, constant, 0, length);
    }

    private static int compareText(RowValues row, int column, int length, byte[] constant) {
        return Text.compare(row.bytes(column), row.start(column), length, constant, 0, constant.length);
    }

    /** Of a bpchar, whose blanks at the end do not count. */
    private static Predicate withBlanks(Verdict verdict, int column, byte[] constant) {
        return row -> row.isNull(column)
                ? UNKNOWN
                : verdict.of(compareText(row, column, trimmedLength(row, column), constant));
    }

    private static int trimmedLength(RowValues row, int column) {
        return Text.trimmedLength(row.bytes(column), row.start(column), row.length(column));
    }

    /** Postgres writes every uuid with the same 36 characters, which are in the order of the uuids. */
    private static Predicate withUuid(Verdict verdict, int column, Uuid constant) {
        byte[] text = Text.utf8(constant.print());
        return row -> {
            if (row.isNull(column)) {
                return UNKNOWN;
            }
            int length = row.length(column);
            return length == UUID_LENGTH
                    ? verdict.of(compareText(row, column, length, text))
                    : verdict.of(((Uuid) row.value(column)).compareTo(constant));
        };
    }

    static Predicate ofColumns(Verdict verdict, Type domain, Expr.Column left, Expr.Column right) {
        int a = left.index();
        int b = right.index();
        Representation held = Representation.of(left.type());
        Representation other = Representation.of(right.type());
        Representation compared = Representation.of(domain);
        if (held.isInteger() && held == other && held == compared) {
            return row ->
                    row.isNull(a) || row.isNull(b) ? UNKNOWN : verdict.of(Long.compare(row.integer(a), row.integer(b)));
        }
        if (held.isFloat() && other.isFloat() && compared.isFloat()) {
            return row ->
                    row.isNull(a) || row.isNull(b) ? UNKNOWN : verdict.of(Float8.compare(row.number(a), row.number(b)));
        }
        boolean texts = both(PgType.TEXT, left.type(), domain) && both(PgType.TEXT, right.type(), domain);
        if (texts || (isEnumerated(left.type(), domain, verdict) && right.type().equals(domain))) {
            return row -> row.isNull(a) || row.isNull(b)
                    ? UNKNOWN
                    : verdict.of(compareTexts(row, a, row.length(a), b, row.length(b)));
        }
        if (both(PgType.BPCHAR, left.type(), domain) && both(PgType.BPCHAR, right.type(), domain)) {
            return row -> row.isNull(a) || row.isNull(b)
                    ? UNKNOWN
                    : verdict.of(compareTexts(row, a, trimmedLength(row, a), b, trimmedLength(row, b)));
        }
        Domain values = new Domain(domain);
        return row -> row.isNull(a) || row.isNull(b) ? UNKNOWN : order(verdict, values, row.value(a), row.value(b));
    }

    private static int compareTexts(RowValues row, int a, int aLength, int b, int bLength) {
        return Text.compare(row.bytes(a), row.start(a), aLength, row.bytes(b), row.start(b), bLength);
    }

    private static boolean isEnumerated(Type held, Type domain, Verdict verdict) {
        return held instanceof Type.Enumerated && held.equals(domain) && verdict.ofEquality();
    }

    private static boolean both(PgType<?> values, Type held, Type domain) {
        return held instanceof Type.Known
                && domain instanceof Type.Known
                && held.values() == values
                && domain.values() == values;
    }
}
