package electric.oracle;

import static java.util.stream.Collectors.joining;

import electric.oracle.Grouping.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.CollateExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.OverlapsCondition;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimezoneExpression;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.expression.operators.relational.SimilarToExpression;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * How somebody else reads a filter. What that parser takes for operators and operands is believed, not how it groups them:
 * its precedences are not Postgres's, so all that stands without parentheses is grouped anew.
 */
final class SecondOpinion {
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            Map.entry("OR", Grouping.OR),
            Map.entry("AND", Grouping.AND),
            Map.entry("<", Grouping.COMPARISON),
            Map.entry(">", Grouping.COMPARISON),
            Map.entry("=", Grouping.COMPARISON),
            Map.entry("<=", Grouping.COMPARISON),
            Map.entry(">=", Grouping.COMPARISON),
            Map.entry("<>", Grouping.COMPARISON),
            Map.entry("+", Grouping.SUM),
            Map.entry("-", Grouping.SUM),
            Map.entry("*", Grouping.PRODUCT),
            Map.entry("/", Grouping.PRODUCT),
            Map.entry("%", Grouping.PRODUCT),
            Map.entry("^", Grouping.POWER));

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("smallint", "int2"),
            Map.entry("int", "int4"),
            Map.entry("integer", "int4"),
            Map.entry("bigint", "int8"),
            Map.entry("real", "float4"),
            Map.entry("float", "float8"),
            Map.entry("doubleprecision", "float8"),
            Map.entry("decimal", "numeric"),
            Map.entry("boolean", "bool"),
            Map.entry("char", "bpchar"),
            Map.entry("character", "bpchar"),
            Map.entry("charactervarying", "varchar"),
            Map.entry("timestampwithouttimezone", "timestamp"),
            Map.entry("timestampwithtimezone", "timestamptz"),
            Map.entry("timewithouttimezone", "time"),
            Map.entry("timewithtimezone", "timetz"),
            Map.entry("intervaldaytohour", "interval"),
            Map.entry("bitvarying", "varbit"));

    private SecondOpinion() {}

    /** Empty where the other one cannot read it. */
    static Optional<String> of(String filter) {
        try {
            Expression read = CCJSqlParserUtil.parseCondExpression(
                    filter,
                    false,
                    parser -> parser.withSquareBracketQuotation(false).withTimeOut(10_000));
            return Optional.of(grouped(read));
        } catch (JSQLParserException | Unreadable cannot) {
            return Optional.empty();
        }
    }

    /** Something that it reads, and that has no place here. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(Expression expression) {
            super(expression.getClass() + " " + expression);
        }
    }

    private static String grouped(Expression expression) {
        List<Item> items = new ArrayList<>();
        add(items, expression);
        return Grouping.of(items);
    }

    private static String grouped(@Nullable Expression expression, String otherwise) {
        return expression == null ? otherwise : grouped(expression);
    }

    private static void add(List<Item> items, Expression expression) {
        switch (expression) {
            case LikeExpression like -> like(items, like);
            case SimilarToExpression similar -> {
                add(items, similar.getLeftExpression());
                items.add(new Item.Infix(similar.isNot() ? "!~" : "~", Grouping.LIKE));
                items.add(new Item.Operand("similar_to_escape(" + grouped(similar.getRightExpression()) + ")"));
            }
            case IsDistinctExpression distinct -> {
                add(items, distinct.getLeftExpression());
                items.add(new Item.Infix("IS " + not(distinct.isNot()) + "DISTINCT FROM", Grouping.IS));
                add(items, distinct.getRightExpression());
            }
            case BinaryExpression binary -> {
                add(items, binary.getLeftExpression());
                infix(items, binary.getStringExpression());
                add(items, binary.getRightExpression());
            }
            case JsonExpression json -> {
                add(items, json.getExpression());
                for (Map.Entry<Expression, String> step : json.getIdentList()) {
                    infix(items, step.getValue());
                    add(items, step.getKey());
                }
            }
            case NotExpression not -> {
                items.add(new Item.Prefix("NOT", Grouping.NOT));
                add(items, not.getExpression());
            }
            case SignedExpression signed -> {
                items.add(new Item.Prefix(
                        String.valueOf(signed.getSign()), signed.getSign() == '~' ? Grouping.OTHER : Grouping.SIGN));
                add(items, signed.getExpression());
            }
            case CastExpression cast -> {
                if (cast.keyword != null && !cast.keyword.isEmpty()) {
                    items.add(new Item.Operand("(" + grouped(cast.getLeftExpression()) + " ::" + type(cast) + ")"));
                } else {
                    add(items, cast.getLeftExpression());
                    items.add(new Item.Postfix("::" + type(cast), Grouping.CAST));
                }
            }
            case Between between -> {
                add(items, between.getLeftExpression());
                items.add(new Item.Between(
                        not(between.isNot()) + "BETWEEN" + (between.isUsingSymmetric() ? " SYMMETRIC" : "")));
                add(items, between.getBetweenExpressionStart());
                items.add(new Item.BetweenAnd());
                add(items, between.getBetweenExpressionEnd());
            }
            case InExpression in -> {
                add(items, in.getLeftExpression());
                items.add(new Item.Postfix(
                        not(in.isNot()) + "IN ("
                                + (in.getRightExpression() instanceof ExpressionList<?> values
                                        ? list(values)
                                        : "subquery")
                                + ")",
                        Grouping.LIKE));
            }
            case IsNullExpression test -> {
                add(items, test.getLeftExpression());
                items.add(new Item.Postfix("IS " + not(test.isNot() || test.isUseNotNull()) + "NULL", Grouping.IS));
            }
            case IsBooleanExpression test -> {
                add(items, test.getLeftExpression());
                items.add(
                        new Item.Postfix("IS " + not(test.isNot()) + (test.isTrue() ? "TRUE" : "FALSE"), Grouping.IS));
            }
            case IsUnknownExpression test -> {
                add(items, test.getLeftExpression());
                items.add(new Item.Postfix("IS " + not(test.isNot()) + "UNKNOWN", Grouping.IS));
            }
            case CollateExpression collate -> {
                add(items, collate.getLeftExpression());
                items.add(new Item.Postfix("COLLATE " + unquoted(collate.getCollate()), Grouping.COLLATE));
            }
            case TimezoneExpression zoned -> {
                add(items, zoned.getLeftExpression());
                for (Expression zone : zoned.getTimezoneExpressions()) {
                    items.add(new Item.Infix("AT TIME ZONE", Grouping.ZONE));
                    add(items, zone);
                }
            }
            case ArrayExpression element -> {
                add(items, element.getObjExpression());
                items.add(new Item.Postfix(
                        element.getIndexExpression() == null
                                ? "[" + grouped(element.getStartIndexExpression(), "") + ":"
                                        + grouped(element.getStopIndexExpression(), "") + "]"
                                : "[" + grouped(element.getIndexExpression()) + "]",
                        Grouping.SUBSCRIPT));
            }
            default -> items.add(new Item.Operand(operand(expression)));
        }
    }

    private static void like(List<Item> items, LikeExpression like) {
        add(items, like.getLeftExpression());
        boolean folded = switch (like.getLikeKeyWord()) {
            case LIKE -> false;
            case ILIKE -> true;
            default -> throw new Unreadable(like);
        };
        items.add(new Item.Infix((like.isNot() ? "!~~" : "~~") + (folded ? "*" : ""), Grouping.LIKE));
        if (like.getEscape() == null) {
            add(items, like.getRightExpression());
        } else {
            items.add(new Item.Operand(
                    "like_escape(" + grouped(like.getRightExpression()) + ", " + grouped(like.getEscape()) + ")"));
        }
    }

    private static void infix(List<Item> items, String written) {
        String symbol = written.trim().replace("!=", "<>");
        items.add(new Item.Infix(symbol, LEVELS.getOrDefault(symbol, Grouping.OTHER)));
    }

    private static String operand(Expression expression) {
        return switch (expression) {
            case ParenthesedExpressionList<?> list ->
                list.size() == 1 ? grouped(list.getFirst()) : "row(" + list(list) + ")";
            case Column column ->
                column.getFullyQualifiedName().matches("(?i)true|false")
                        ? column.getFullyQualifiedName().toLowerCase(Locale.ROOT)
                        : unquoted(column.getFullyQualifiedName());
            case StringValue string -> "'" + string.getValue().replace("''", "'") + "'";
            case NullValue none -> "null";
            case BooleanValue truth -> truth.toString().toLowerCase(Locale.ROOT);
            case DateTimeLiteralExpression literal ->
                "(" + literal.getValue() + " ::" + literal.getType().name().toLowerCase(Locale.ROOT) + ")";
            case IntervalExpression interval -> "(" + interval.getParameter() + " ::interval)";
            case ArrayConstructor array -> "array[" + list(array.getExpressions()) + "]";
            case CaseExpression branches -> branches(branches);
            case ExtractExpression extract ->
                "extract(" + extract.getName() + ", " + grouped(extract.getExpression()) + ")";
            case OverlapsCondition overlaps ->
                "overlaps(" + list(overlaps.getLeft()) + ", " + list(overlaps.getRight()) + ")";
            case Function function ->
                unquoted(function.getName()).toLowerCase(Locale.ROOT) + "("
                        + (function.getParameters() == null ? "" : list(function.getParameters())) + ")";
            default -> {
                String text = expression.toString();
                if (!text.matches("[0-9.eE]+")) {
                    throw new Unreadable(expression);
                }
                yield text;
            }
        };
    }

    private static String branches(CaseExpression branches) {
        StringBuilder text = new StringBuilder("case(").append(grouped(branches.getSwitchExpression(), ""));
        for (WhenClause when : branches.getWhenClauses()) {
            text.append("; ")
                    .append(grouped(when.getWhenExpression()))
                    .append(": ")
                    .append(grouped(when.getThenExpression()));
        }
        Expression otherwise = branches.getElseExpression();
        return text.append(otherwise == null ? "" : "; " + grouped(otherwise))
                .append(")")
                .toString();
    }

    private static String list(ExpressionList<?> list) {
        return list.stream().map(SecondOpinion::grouped).collect(joining(", "));
    }

    private static String type(CastExpression cast) {
        String type = cast.getColDataType().toString().toLowerCase(Locale.ROOT).replaceAll("\\([^)]*\\)|[ \"]", "");
        String element = type.replace("[]", "");
        return TYPES.getOrDefault(element, element) + type.substring(element.length());
    }

    private static String unquoted(String name) {
        return name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name.toLowerCase(Locale.ROOT);
    }

    private static String not(boolean negated) {
        return negated ? "NOT " : "";
    }
}
