package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.value.CaseMapping;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A filter with its meaning: names found, types known, operators chosen, every conversion written out, constants
 * calculated. What can be said here can be calculated exactly.
 *
 * <p>Values are the objects of {@link electric.sync.value.PgType}. Trees are bounded in height, so that whoever walks one
 * may recurse.
 */
public sealed interface Expr {
    Type type();

    /**
     * @param index in {@link electric.sync.change.Table#columns}
     * @param collation of text
     */
    record Column(
            int index, String name, Type type, @Nullable Collation collation) implements Expr {}

    /** @param value {@code null} for NULL */
    record Constant(Type type, @Nullable Object value) implements Expr {}

    /** Two or more; the first that is false ends it. */
    record And(List<Expr> operands) implements Expr {
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /** Two or more; the first that is true ends it. */
    record Or(List<Expr> operands) implements Expr {
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    record Not(Expr operand) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /** Of a {@link RowOf}: whether all fields are NULL, or with {@code negated} none. */
    record NullTest(Expr operand, boolean negated) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /** {@code IS [NOT] TRUE}, {@code FALSE}, {@code UNKNOWN}. */
    record TruthTest(Expr operand, Truth truth, boolean negated) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /**
     * A comparison in the order that is a type's own.
     *
     * @param domain the type both sides are compared as; their values are of its representation already. Text in a
     *     collation that orders by bytes, or compared for equality only
     */
    record Compare(Comparison comparison, Type domain, Expr left, Expr right) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    enum Comparison {
        EQUAL("="),
        UNEQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** {@code IS [NOT] DISTINCT FROM}. */
    record Distinct(Type domain, Expr left, Expr right, boolean negated) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /**
     * {@code operand IN (values)} or {@code operand = ANY (values)}: equal to one of them. Without values it is false even
     * for NULL.
     *
     * @param values of {@code domain}, {@code null} for NULL
     */
    record In(Type domain, Expr operand, List<@Nullable Object> values) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /**
     * {@code LIKE} and {@code ILIKE} with any pattern. {@code NOT LIKE} is a {@link Not} around it.
     *
     * @param casing by which both sides are folded for ILIKE; {@code null} for LIKE
     */
    record Like(Expr operand, Expr pattern, @Nullable CaseMapping casing) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /** {@code COLLATE}: changes by which rules its operand is compared, not its value. */
    record Collate(Expr operand, Collation collation) implements Expr {
        @Override
        public Type type() {
            return operand.type();
        }
    }

    /** A function, an operator or a cast. */
    record Call(Routine routine, List<Expr> arguments) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Type type() {
            return routine.result();
        }
    }

    /**
     * {@code left op ANY (array)}, {@code ALL}.
     *
     * @param test an expression over {@link Element} that says what is asked of each element
     */
    record Quantified(Expr array, Expr test, boolean all) implements Expr {
        @Override
        public Type type() {
            return Types.BOOL;
        }
    }

    /** The element in question within {@link Quantified#test}. */
    record Element(Type type) implements Expr {}

    /** The first that is not NULL; those after it are not calculated. */
    record Coalesce(Type type, List<Expr> arguments) implements Expr {
        public Coalesce {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code GREATEST}, {@code LEAST}: NULL arguments do not count. */
    record Extreme(Type type, boolean greatest, List<Expr> arguments) implements Expr {
        public Extreme {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code CASE}, with the comparisons of its short form written out; NULLIF too. */
    record Case(Type type, List<When> branches, Optional<Expr> otherwise) implements Expr {
        public Case {
            branches = List.copyOf(branches);
        }
    }

    record When(Expr condition, Expr result) {}

    /** {@code ARRAY[…]}; where the elements are arrays themselves, of one dimension more. */
    record ArrayOf(Type.Array type, List<Expr> elements) implements Expr {
        public ArrayOf {
            elements = List.copyOf(elements);
        }
    }

    /** {@code array[i][j]}, with subscripts of int4. */
    record Subscript(Type type, Expr array, List<Expr> subscripts) implements Expr {
        public Subscript {
            subscripts = List.copyOf(subscripts);
        }
    }

    /** {@code array[l:u]}, with bounds of int4. */
    record Slice(Type.Array type, Expr array, List<Bounds> bounds) implements Expr {
        public Slice {
            bounds = List.copyOf(bounds);
        }
    }

    record Bounds(Optional<Expr> lower, Optional<Expr> upper) {}

    /** A row, for {@link NullTest} only: comparisons of rows are written out field by field. */
    record RowOf(Type.RowOf type, List<Expr> fields) implements Expr {
        public RowOf {
            fields = List.copyOf(fields);
        }
    }
}
