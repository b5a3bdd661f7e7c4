package electric.sync.where;

import java.util.List;
import java.util.Optional;

/**
 * A filter as written: grouped as Postgres groups it, names and types not yet looked up.
 *
 * <p>A position is an offset in the clause, in characters, from 0; each case says of what. Trees are at most 200 levels
 * high, so that whoever walks one may recurse.
 */
public sealed interface ParsedExpr {
    int position();

    /** {@code true}, {@code false}. */
    record BooleanLiteral(boolean value, int position) implements ParsedExpr {}

    /** {@code NULL}. */
    record NullLiteral(int position) implements ParsedExpr {}

    /**
     * A number, the sign in front of it included.
     *
     * @param text in decimal, without underscores
     * @param position of the sign or the first digit
     */
    record NumberLiteral(String text, int position) implements ParsedExpr {}

    /** A string of any spelling, without its escapes. */
    record StringLiteral(String value, int position) implements ParsedExpr {}

    /** {@code B'…'} and {@code X'…'}: the letter in lower case, and what is between the quotes. */
    record BitString(String value, int position) implements ParsedExpr {}

    /** {@code $n}. */
    record Parameter(int number, int position) implements ParsedExpr {}

    /**
     * A name, dots between its parts.
     *
     * @param star whether {@code *} stands at the end
     */
    record Column(List<String> names, boolean star, int position) implements ParsedExpr {
        public Column {
            names = List.copyOf(names);
        }
    }

    /**
     * Subscripts, and fields of a composite value.
     *
     * @param position of the operand
     */
    record Indirection(ParsedExpr operand, List<Step> steps, int position) implements ParsedExpr {
        public Indirection {
            steps = List.copyOf(steps);
        }
    }

    /** One step of an {@link Indirection}. */
    sealed interface Step {
        record Field(String name) implements Step {}

        record AllFields() implements Step {}

        record Subscript(ParsedExpr index) implements Step {}

        record Slice(Optional<ParsedExpr> lower, Optional<ParsedExpr> upper) implements Step {}
    }

    /**
     * All three spellings.
     *
     * @param position of {@code ::}, of {@code CAST}, or of the type before a string
     */
    record Cast(ParsedExpr operand, ParsedType type, int position) implements ParsedExpr {}

    /** {@code x COLLATE y}; the position is that of {@code COLLATE}. */
    record Collate(ParsedExpr operand, List<String> collation, int position) implements ParsedExpr {
        public Collate {
            collation = List.copyOf(collation);
        }
    }

    /** Two or more; the position is that of the first {@code AND}. */
    record And(List<ParsedExpr> operands, int position) implements ParsedExpr {
        public And {
            operands = List.copyOf(operands);
        }
    }

    /** Two or more; the position is that of the first {@code OR}. */
    record Or(List<ParsedExpr> operands, int position) implements ParsedExpr {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    record Not(ParsedExpr operand, int position) implements ParsedExpr {}

    /**
     * An operator, {@code LIKE} and its kin included, which are {@code ~~}, {@code !~~}, {@code ~~*}, {@code !~~*} and
     * (with {@code SIMILAR}) {@code ~}, {@code !~}.
     *
     * @param operator with the schema of {@code OPERATOR(schema.name)}; {@code !=} is {@code <>}
     * @param left empty before a prefix operator
     * @param position of the operator, or of the word that stands for it
     */
    record Operation(List<String> operator, Optional<ParsedExpr> left, ParsedExpr right, int position)
            implements ParsedExpr {
        public Operation {
            operator = List.copyOf(operator);
        }
    }

    /** {@code x op ANY (array)}; the position is that of the operator. */
    record Quantified(ParsedExpr left, List<String> operator, boolean all, ParsedExpr array, int position)
            implements ParsedExpr {
        public Quantified {
            operator = List.copyOf(operator);
        }
    }

    /** The position is that of {@code IS}, {@code ISNULL} or {@code NOTNULL}. */
    record NullTest(ParsedExpr operand, boolean negated, int position) implements ParsedExpr {}

    /** {@code IS [NOT] TRUE}, {@code FALSE}, {@code UNKNOWN}; the position is that of {@code IS}. */
    record TruthTest(ParsedExpr operand, Truth truth, boolean negated, int position) implements ParsedExpr {}

    enum Truth {
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** {@code IS [NOT] DISTINCT FROM}; the position is that of {@code IS}. */
    record Distinct(ParsedExpr left, ParsedExpr right, boolean negated, int position) implements ParsedExpr {}

    /** The position is that of {@code BETWEEN} or the {@code NOT} before it. */
    record Between(
            ParsedExpr operand, ParsedExpr low, ParsedExpr high, boolean symmetric, boolean negated, int position)
            implements ParsedExpr {}

    /** {@code IN} with values; the position is that of {@code IN} or the {@code NOT} before it. */
    record In(ParsedExpr operand, List<ParsedExpr> values, boolean negated, int position) implements ParsedExpr {
        public In {
            values = List.copyOf(values);
        }
    }

    /** {@code IN} with a subquery; the position is that of {@code IN} or the {@code NOT} before it. */
    record InSubquery(ParsedExpr operand, ParsedSelect select, boolean negated, int position) implements ParsedExpr {}

    /**
     * A subquery in any other place; it cannot be followed.
     *
     * @param position of the parenthesis, of {@code EXISTS} or {@code ARRAY}, or of the operator before {@code ANY}
     */
    record Subquery(Form form, ParsedSelect select, int position) implements ParsedExpr {
        public enum Form {
            SCALAR,
            EXISTS,
            ARRAY,
            QUANTIFIED
        }
    }

    /** {@code ARRAY[…]}; the position is that of {@code ARRAY}, or of the bracket where one stands in another. */
    record ArrayOf(List<ParsedExpr> elements, int position) implements ParsedExpr {
        public ArrayOf {
            elements = List.copyOf(elements);
        }
    }

    /** {@code ROW(…)}, or two or more expressions in parentheses. */
    record Row(List<ParsedExpr> fields, boolean explicit, int position) implements ParsedExpr {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    record Case(Optional<ParsedExpr> operand, List<When> branches, Optional<ParsedExpr> otherwise, int position)
            implements ParsedExpr {
        public Case {
            branches = List.copyOf(branches);
        }
    }

    record When(ParsedExpr condition, ParsedExpr result, int position) {}

    /** What looks like a function and is none: arguments of any number find a common type. */
    record Choice(Function function, List<ParsedExpr> arguments, int position) implements ParsedExpr {
        public Choice {
            arguments = List.copyOf(arguments);
        }

        public enum Function {
            COALESCE,
            GREATEST,
            LEAST
        }
    }

    record NullIf(ParsedExpr left, ParsedExpr right, int position) implements ParsedExpr {}

    /**
     * A function call, the spellings of SQL included ({@code EXTRACT}, {@code x AT TIME ZONE y}, …), which carry
     * {@code pg_catalog}.
     *
     * @param aggregate whether only an aggregate or window function is called this way
     * @param variadic whether the last argument is {@code VARIADIC}
     * @param position of the name, or of the word that stands for it
     */
    record Call(List<String> name, List<ParsedExpr> arguments, boolean aggregate, boolean variadic, int position)
            implements ParsedExpr {
        public Call {
            name = List.copyOf(name);
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code name => value}. */
    record NamedArgument(String name, ParsedExpr value, int position) implements ParsedExpr {}

    /**
     * Something that Postgres understands and no filter may hold.
     *
     * @param node as Postgres calls it
     */
    record Unsupported(String node, int position) implements ParsedExpr {}
}
