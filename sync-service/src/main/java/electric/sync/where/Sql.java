package electric.sync.where;

import electric.sync.change.RelationName;
import electric.sync.change.ValueType;
import electric.sync.value.ArrayValue;
import electric.sync.value.PgType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter as SQL that means the same in every session: fully parenthesised, every constant with its type, every operator,
 * function and type out of {@code pg_catalog}, whatever else the database has under these names.
 */
final class Sql {
    private final StringBuilder out = new StringBuilder();
    private final Set<String> columns = new HashSet<>();

    /** What the element of the innermost ANY or ALL is called where it needs a name. */
    private String element = "";

    private Sql() {}

    static String of(Expr filter) {
        Sql sql = new Sql();
        sql.collectColumns(filter);
        sql.write(filter);
        return sql.out.toString();
    }

    private void collectColumns(Expr expr) {
        if (expr instanceof Expr.Column column) {
            columns.add(column.name());
        }
        Parts.of(expr).forEach(this::collectColumns);
    }

    private void write(Expr expr) {
        switch (expr) {
            case Expr.Column column -> out.append(RelationName.quote(column.name()));
            case Expr.Constant constant -> constant(constant.type(), constant.value());
            case Expr.And and -> between(and.operands(), " AND ");
            case Expr.Or or -> between(or.operands(), " OR ");
            case Expr.Not not -> {
                out.append("(NOT ");
                write(not.operand());
                out.append(')');
            }
            case Expr.NullTest test -> test(test.operand(), test.negated(), "NULL");
            case Expr.TruthTest test -> test(test.operand(), test.negated(), word(test.truth()));
            case Expr.Compare compare -> operator(compare.comparison().symbol(), compare.left(), compare.right());
            case Expr.Distinct distinct -> {
                out.append('(');
                write(distinct.left());
                out.append(distinct.negated() ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
                write(distinct.right());
                out.append(')');
            }
            case Expr.In in -> in(in);
            case Expr.Like like -> operator(likeSymbol(like), like.operand(), like.pattern());
            case Expr.Collate collate -> {
                out.append('(');
                write(collate.operand());
                out.append(" COLLATE ")
                        .append(RelationName.quote(collate.collation().schema()))
                        .append('.')
                        .append(RelationName.quote(collate.collation().name()))
                        .append(')');
            }
            case Expr.Call call -> call(call);
            case Expr.Quantified quantified -> quantified(quantified);
            case Expr.Element named -> out.append(element);
            case Expr.Coalesce coalesce -> call("COALESCE", coalesce.arguments());
            case Expr.Extreme extreme -> call(extreme.greatest() ? "GREATEST" : "LEAST", extreme.arguments());
            case Expr.Case chosen -> chosen(chosen);
            case Expr.ArrayOf array -> {
                out.append("(ARRAY[");
                list(array.elements());
                out.append("]::").append(name(array.type())).append(')');
            }
            case Expr.Subscript subscript -> {
                out.append('(');
                write(subscript.array());
                out.append(')');
                for (Expr at : subscript.subscripts()) {
                    out.append('[');
                    write(at);
                    out.append(']');
                }
            }
            case Expr.Slice slice -> {
                out.append('(');
                write(slice.array());
                out.append(')');
                for (Expr.Bounds bounds : slice.bounds()) {
                    out.append('[');
                    bounds.lower().ifPresent(this::write);
                    out.append(':');
                    bounds.upper().ifPresent(this::write);
                    out.append(']');
                }
            }
            case Expr.RowOf row -> call("ROW", row.fields());
        }
    }

    private static String word(Truth truth) {
        return switch (truth) {
            case TRUE -> "TRUE";
            case FALSE -> "FALSE";
            case UNKNOWN -> "UNKNOWN";
        };
    }

    private static String likeSymbol(Expr.Like like) {
        return like.casing() == null ? "~~" : "~~*";
    }

    private void test(Expr operand, boolean negated, String what) {
        out.append('(');
        write(operand);
        out.append(negated ? " IS NOT " : " IS ").append(what).append(')');
    }

    private void between(List<Expr> operands, String word) {
        String between = "(";
        for (Expr operand : operands) {
            out.append(between);
            write(operand);
            between = word;
        }
        out.append(')');
    }

    private void list(List<Expr> expressions) {
        String between = "";
        for (Expr expression : expressions) {
            out.append(between);
            write(expression);
            between = ", ";
        }
    }

    private void call(String function, List<Expr> arguments) {
        out.append(function).append('(');
        list(arguments);
        out.append(')');
    }

    private void operator(String symbol, Expr left, Expr right) {
        out.append('(');
        write(left);
        symbol(symbol);
        write(right);
        out.append(')');
    }

    private void symbol(String symbol) {
        out.append(" OPERATOR(pg_catalog.").append(symbol).append(") ");
    }

    private void call(Expr.Call call) {
        switch (call.routine().spelling()) {
            case Routine.Spelling.Operator operator -> {
                if (call.arguments().size() == 2) {
                    operator(
                            operator.symbol(),
                            call.arguments().get(0),
                            call.arguments().get(1));
                } else {
                    out.append('(');
                    symbol(operator.symbol());
                    write(call.arguments().getFirst());
                    out.append(')');
                }
            }
            case Routine.Spelling.Function function ->
                call("pg_catalog." + RelationName.quote(function.name()), call.arguments());
            case Routine.Spelling.Cast cast -> {
                out.append("CAST(");
                write(call.arguments().getFirst());
                out.append(" AS ").append(cast.type()).append(')');
            }
        }
    }

    private void in(Expr.In in) {
        if (in.domain() instanceof Type.Array) {
            // An array of arrays would be one of more dimensions.
            if (in.values().isEmpty()) {
                out.append("false");
                return;
            }
            String between = "(";
            for (Object value : in.values()) {
                out.append(between);
                operator("=", in.operand(), new Expr.Constant(in.domain(), value));
                between = " OR ";
            }
            out.append(')');
            return;
        }
        out.append('(');
        write(in.operand());
        symbol("=");
        out.append("ANY (");
        constant(new Type.Array(in.domain()), ArrayValue.of(in.values()));
        out.append("))");
    }

    private void chosen(Expr.Case chosen) {
        out.append("(CASE");
        for (Expr.When when : chosen.branches()) {
            out.append(" WHEN ");
            write(when.condition());
            out.append(" THEN ");
            write(when.result());
        }
        chosen.otherwise().ifPresent(otherwise -> {
            out.append(" ELSE ");
            write(otherwise);
        });
        out.append(" END)");
    }

    private void quantified(Expr.Quantified quantified) {
        boolean negated = quantified.test() instanceof Expr.Not;
        Expr test = quantified.test() instanceof Expr.Not not ? not.operand() : quantified.test();
        Optional<Asked> asked = asked(test, negated);
        if (asked.isPresent()) {
            out.append('(');
            write(asked.get().left);
            symbol(asked.get().symbol);
            out.append(quantified.all() ? "ALL (" : "ANY (");
            write(quantified.array());
            out.append("))");
        } else {
            byElement(quantified);
        }
    }

    /** What can be said of each element by an operator with the element on its right, as the language has it. */
    private record Asked(Expr left, String symbol) {}

    private static Optional<Asked> asked(Expr test, boolean negated) {
        Optional<Asked> asked = Optional.empty();
        if (test instanceof Expr.Like like && like.pattern() instanceof Expr.Element) {
            asked = Optional.of(new Asked(like.operand(), (negated ? "!" : "") + likeSymbol(like)));
        } else if (negated) {
            return asked;
        } else if (test instanceof Expr.Compare compare && compare.right() instanceof Expr.Element) {
            asked = Optional.of(new Asked(compare.left(), compare.comparison().symbol()));
        } else if (test instanceof Expr.Call call
                && call.routine().spelling() instanceof Routine.Spelling.Operator operator
                && call.arguments().size() == 2
                && call.arguments().get(1) instanceof Expr.Element) {
            asked = Optional.of(new Asked(call.arguments().get(0), operator.symbol()));
        }
        return asked.filter(simple -> !hasElement(simple.left));
    }

    private static boolean hasElement(Expr expr) {
        return expr instanceof Expr.Element || Parts.of(expr).stream().anyMatch(Sql::hasElement);
    }

    /** Element by element: the answers are what ANY and ALL are asked of. */
    private void byElement(Expr.Quantified quantified) {
        String outer = element;
        String name = outer.isEmpty() ? "element" : outer.substring(1, outer.length() - 1) + "_";
        while (columns.contains(name)) {
            name += "_";
        }
        out.append("(CASE WHEN ");
        write(quantified.array());
        out.append(" IS NOT NULL THEN (true OPERATOR(pg_catalog.=) ")
                .append(quantified.all() ? "ALL" : "ANY")
                .append(" (ARRAY(SELECT ");
        element = RelationName.quote(name);
        write(quantified.test());
        String inner = element;
        element = outer;
        out.append(" FROM pg_catalog.unnest(");
        write(quantified.array());
        out.append(") AS elements (").append(inner).append(")))) END)");
    }

    private void constant(Type type, @Nullable Object value) {
        if (value == null) {
            out.append("NULL");
        } else {
            literal(output(type.values(), value));
        }
        out.append("::").append(name(type));
    }

    @SuppressWarnings("unchecked")
    private static <V> String output(PgType<V> type, Object value) {
        return type.output((V) value);
    }

    /** Read the same whatever {@code standard_conforming_strings} says. */
    private void literal(String text) {
        if (text.indexOf('\\') >= 0) {
            out.append('E');
        }
        out.append('\'').append(text.replace("\\", "\\\\").replace("'", "''")).append('\'');
    }

    static String name(Type type) {
        return switch (type) {
            case Type.Known known -> "pg_catalog." + RelationName.quote(known.name());
            case Type.Enumerated enumerated -> new RelationName(enumerated.schema(), enumerated.typeName()).quoted();
            case Type.Array array -> {
                ValueType.Domain domain = array.domain();
                yield (domain == null
                                ? name(array.element())
                                : new RelationName(domain.schema(), domain.name()).quoted())
                        + "[]";
            }
            case Type.Unknown unknown -> "pg_catalog.text";
            case Type.RowOf row -> throw new IllegalArgumentException("a row has no name");
            case Type.Opaque opaque -> throw new IllegalArgumentException("no constant is of " + opaque.name());
        };
    }
}
