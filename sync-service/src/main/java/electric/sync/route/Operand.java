package electric.sync.route;

import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.value.Uuid;
import electric.sync.where.Expr;
import electric.sync.where.Type;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column as one side of a comparison, perhaps behind a conversion that loses nothing: says of constants on the other side
 * which values of the column itself they stand for.
 */
final class Operand {
    /** What the column's value went through. */
    private enum Through {
        NOTHING,
        /** An integer was made a numeric or a float8. */
        WIDENING,
        /** An int8 was made a float8, which not every one is. */
        ROUNDING,
        /** A bpchar was made a text: it has no trailing blanks any more, while the other side may have. */
        TRIMMING
    }

    private static final Set<PgType<?>> INTEGERS = Set.of(PgType.INT2, PgType.INT4, PgType.INT8);
    private static final Set<PgType<?>> TIMES = Set.of(PgType.DATE, PgType.TIME, PgType.TIMESTAMP, PgType.TIMESTAMPTZ);
    private static final Set<PgType<?>> FLOATS = Set.of(PgType.FLOAT4, PgType.FLOAT8);

    /** Below this every int8 is a float8 too, and above it none becomes one that is below. */
    private static final double EXACT = 1L << 53;

    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private final Axis axis;
    private final Through through;

    private Operand(int column, Axis.Kind kind, PgType<?> type, Through through) {
        this.axis = new Axis(column, kind, type);
        this.through = through;
    }

    /**
     * @param domain as what it is compared
     * @param ordered whether for more than equality
     * @return empty if this is no column, or seen through something that changes it
     */
    static Optional<Operand> of(Expr expr, Type domain, boolean ordered) {
        if (expr instanceof Expr.Collate collate) {
            return of(collate.operand(), domain, ordered);
        }
        if (expr instanceof Expr.Column column) {
            return kind(column.type(), domain, ordered)
                    .map(kind -> new Operand(column.index(), kind, domain.values(), Through.NOTHING));
        }
        if (expr instanceof Expr.Call call
                && call.arguments().size() == 1
                && call.arguments().getFirst() instanceof Expr.Column column
                && column.type() instanceof Type.Known from
                && kind(call.type(), domain, ordered).isPresent()) {
            return converted(column.index(), from.values(), call.routine().name());
        }
        return Optional.empty();
    }

    private static Optional<Operand> converted(int column, PgType<?> from, String routine) {
        if (INTEGERS.contains(from)) {
            return switch (routine) {
                case "int4", "int8" ->
                    // Narrowing fails where it does not fit, so what fails would have to be asked.
                    from == PgType.INT2 || (from == PgType.INT4 && routine.equals("int8"))
                            ? Optional.of(new Operand(column, Axis.Kind.INTEGER, from, Through.NOTHING))
                            : Optional.empty();
                case "numeric" -> Optional.of(new Operand(column, Axis.Kind.INTEGER, from, Through.WIDENING));
                case "float8" ->
                    Optional.of(new Operand(
                            column,
                            Axis.Kind.INTEGER,
                            from,
                            from == PgType.INT8 ? Through.ROUNDING : Through.WIDENING));
                default -> Optional.empty();
            };
        }
        if (from == PgType.FLOAT4 && routine.equals("float8")) {
            return Optional.of(new Operand(column, Axis.Kind.FLOAT, from, Through.NOTHING));
        }
        if (from == PgType.BPCHAR && routine.equals("text")) {
            return Optional.of(new Operand(column, Axis.Kind.PADDED, from, Through.TRIMMING));
        }
        return Optional.empty();
    }

    /** How values of a type are compared as those of a domain; empty if they are represented in another way. */
    static Optional<Axis.Kind> kind(Type type, Type domain, boolean ordered) {
        if (domain instanceof Type.Enumerated) {
            return Optional.of(ordered ? Axis.Kind.OBJECT : Axis.Kind.TEXT).filter(kind -> domain.equals(type));
        }
        if (domain instanceof Type.Array) {
            return Optional.of(Axis.Kind.OBJECT).filter(kind -> domain.equals(type));
        }
        if (!(domain instanceof Type.Known) || !(type instanceof Type.Known)) {
            return Optional.empty();
        }
        PgType<?> as = domain.values();
        PgType<?> is = type.values();
        if (INTEGERS.contains(as)) {
            return Optional.of(Axis.Kind.INTEGER).filter(kind -> INTEGERS.contains(is));
        }
        if (as == PgType.BPCHAR) {
            return Optional.of(Axis.Kind.PADDED).filter(kind -> is == PgType.BPCHAR || is == PgType.TEXT);
        }
        if (as != is) {
            return Optional.empty();
        }
        if (TIMES.contains(as)) {
            return Optional.of(Axis.Kind.INTEGER);
        }
        if (FLOATS.contains(as)) {
            return Optional.of(Axis.Kind.FLOAT);
        }
        if (as == PgType.TEXT || as == PgType.UUID) {
            return Optional.of(Axis.Kind.TEXT);
        }
        if (as == PgType.NUMERIC) {
            return Optional.of(Axis.Kind.NUMERIC);
        }
        return Optional.of(as == PgType.BOOL ? Axis.Kind.BOOL : Axis.Kind.OBJECT);
    }

    Axis axis() {
        return axis;
    }

    /** Whether it is exactly known which values of the column compare how with this constant. */
    boolean sees(Object constant) {
        return through != Through.ROUNDING
                || !Double.isFinite((Double) constant)
                || Math.abs((Double) constant) < EXACT;
    }

    /** What a value of the column that equals the constant is; {@code null} if none can. */
    @Nullable
    Object key(Object constant) {
        if (through == Through.NOTHING || through == Through.TRIMMING) {
            return ownKey(constant);
        }
        BigDecimal number = number(constant);
        return number == null || number.compareTo(whole(number)) != 0 || beyond(number) != 0
                ? null
                : (Object) number.longValueExact();
    }

    /** Where the constant is among the values of the column. */
    Range.Cut cut(Object constant, boolean after) {
        if (through == Through.NOTHING || through == Through.TRIMMING) {
            return new Range.Cut(ownKey(constant), after);
        }
        BigDecimal number = number(constant);
        if (number == null) {
            return isBelowAll(constant) ? Range.Cut.START : Range.Cut.END;
        }
        BigDecimal whole = whole(number);
        return switch (beyond(whole)) {
            case -1 -> Range.Cut.START;
            case 1 -> Range.Cut.END;
            default -> new Range.Cut(whole.longValueExact(), after || number.compareTo(whole) != 0);
        };
    }

    private static int beyond(BigDecimal number) {
        return number.compareTo(LEAST) < 0 ? -1 : number.compareTo(GREATEST) > 0 ? 1 : 0;
    }

    private static BigDecimal whole(BigDecimal number) {
        return number.setScale(0, RoundingMode.FLOOR);
    }

    private static @Nullable BigDecimal number(Object constant) {
        if (constant instanceof Numeric numeric) {
            return numeric.isFinite() ? new BigDecimal(numeric.print()) : null;
        }
        double number = (Double) constant;
        return Double.isFinite(number) ? new BigDecimal(number) : null;
    }

    private static boolean isBelowAll(Object infinite) {
        return infinite.equals(Numeric.MINUS_INFINITY) || infinite.equals(Double.NEGATIVE_INFINITY);
    }

    private Object ownKey(Object constant) {
        return switch (axis.kind()) {
            case INTEGER -> ((Number) constant).longValue();
            case FLOAT -> Axis.floatKey(((Number) constant).doubleValue());
            case BOOL -> (Boolean) constant ? 1L : 0L;
            case TEXT -> Text.utf8(constant instanceof Uuid uuid ? uuid.print() : (String) constant);
            case PADDED -> Text.utf8(through == Through.TRIMMING ? (String) constant : Text.trim((String) constant));
            case NUMERIC, OBJECT -> constant;
        };
    }
}
