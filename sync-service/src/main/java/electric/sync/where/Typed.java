package electric.sync.where;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression whose meaning is known, and what matters until that of the whole filter is.
 *
 * @param parameter the number of the parameter that a literal of unknown type is the value of; 0 for none
 * @param position where messages say it is
 * @param size how large it is when it is written out: in nodes, long literals counted as several
 * @param fields of a row
 */
record Typed(Expr expr, Collating collating, int parameter, int position, long size, List<Typed> fields) {
    private static final int CHARACTERS_OF_A_NODE = 32;

    Typed {
        fields = List.copyOf(fields);
    }

    Typed(Expr expr, Collating collating, int position, long size) {
        this(expr, collating, 0, position, size, List.of());
    }

    static Typed literal(@Nullable String text, int parameter, int position) {
        return new Typed(
                new Expr.Constant(new Type.Unknown(), text),
                Collating.NONE,
                parameter,
                position,
                text == null ? 1 : 1 + text.length() / CHARACTERS_OF_A_NODE,
                List.of());
    }

    static Typed row(List<Typed> fields, int position) {
        Expr row = new Expr.RowOf(
                new Type.RowOf(fields.stream().map(Typed::type).toList()),
                fields.stream().map(Typed::expr).toList());
        return new Typed(row, Collating.NONE, 0, position, sizeOf(fields), fields);
    }

    static long sizeOf(List<Typed> parts) {
        return 1 + parts.stream().mapToLong(Typed::size).sum();
    }

    Type type() {
        return expr.type();
    }

    boolean isUnknown() {
        return expr.type() instanceof Type.Unknown;
    }

    boolean isRow() {
        return expr instanceof Expr.RowOf;
    }

    boolean isConstant() {
        return expr instanceof Expr.Constant;
    }

    boolean isNull() {
        return expr instanceof Expr.Constant constant && constant.value() == null;
    }

    Typed with(Expr other) {
        return new Typed(other, collating, position, size);
    }

    Typed at(int otherPosition) {
        return new Typed(expr, collating, parameter, otherPosition, size, fields);
    }
}
