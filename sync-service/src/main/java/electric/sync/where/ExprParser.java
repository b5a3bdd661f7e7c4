package electric.sync.where;

import electric.sync.where.ParsedExpr.And;
import electric.sync.where.ParsedExpr.ArrayOf;
import electric.sync.where.ParsedExpr.Between;
import electric.sync.where.ParsedExpr.BitString;
import electric.sync.where.ParsedExpr.BooleanLiteral;
import electric.sync.where.ParsedExpr.Call;
import electric.sync.where.ParsedExpr.Case;
import electric.sync.where.ParsedExpr.Cast;
import electric.sync.where.ParsedExpr.Collate;
import electric.sync.where.ParsedExpr.Column;
import electric.sync.where.ParsedExpr.Distinct;
import electric.sync.where.ParsedExpr.In;
import electric.sync.where.ParsedExpr.InSubquery;
import electric.sync.where.ParsedExpr.Indirection;
import electric.sync.where.ParsedExpr.Not;
import electric.sync.where.ParsedExpr.NullLiteral;
import electric.sync.where.ParsedExpr.NullTest;
import electric.sync.where.ParsedExpr.NumberLiteral;
import electric.sync.where.ParsedExpr.Operation;
import electric.sync.where.ParsedExpr.Or;
import electric.sync.where.ParsedExpr.Parameter;
import electric.sync.where.ParsedExpr.Quantified;
import electric.sync.where.ParsedExpr.Row;
import electric.sync.where.ParsedExpr.Step;
import electric.sync.where.ParsedExpr.StringLiteral;
import electric.sync.where.ParsedExpr.Subquery;
import electric.sync.where.ParsedExpr.Truth;
import electric.sync.where.ParsedExpr.TruthTest;
import electric.sync.where.ParsedExpr.Unsupported;
import electric.sync.where.ParsedExpr.When;
import electric.sync.where.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Expressions. Operators are grouped by the precedences at the head of Postgres's grammar, which bison applies where
 * an operator follows a complete operand; the levels below are those of that table.
 */
final class ExprParser {
    private static final int NO_OPERATOR = 0;
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int COMPARISON = 5;
    private static final int PREDICATE = 6;
    private static final int OTHER_OPERATOR = 7;
    private static final int SUM = 8;
    private static final int PRODUCT = 9;
    private static final int POWER = 10;
    private static final int AT = 11;
    private static final int COLLATE = 12;
    private static final int SIGN = 13;
    private static final int CAST = 14;

    private static final int ANY_LEVEL = 0;
    /** As {@link #ANY_LEVEL}, but a {@code SIMILAR} without {@code TO} ends the expression. */
    private static final int BEFORE_SIMILAR = -1;

    /** As {@link #ANY_LEVEL}, but a word that labels a column is no operator. */
    private static final int BEFORE_LABEL = -2;

    private final Tokens tokens;
    private final TypeParser types;
    private final SelectParser selects;
    private final CallParser calls;
    /** The height of the highest expression since the one around it began. */
    private int tallest;

    ExprParser(Tokens tokens) {
        this.tokens = tokens;
        this.types = new TypeParser(tokens, this);
        this.calls = new CallParser(tokens, this, types);
        this.selects = new SelectParser(tokens, this, calls, types);
    }

    SelectParser selects() {
        return selects;
    }

    ParsedExpr expression() throws InvalidWhere {
        return parse(ANY_LEVEL, false);
    }

    ParsedExpr expressionBeforeSimilar() throws InvalidWhere {
        return parse(BEFORE_SIMILAR, false);
    }

    ParsedExpr expressionBeforeLabel() throws InvalidWhere {
        return parse(BEFORE_LABEL, false);
    }

    /** An expression where {@code AND}, {@code IN} and most of {@code IS} mean something else. */
    ParsedExpr restricted() throws InvalidWhere {
        return parse(ANY_LEVEL, true);
    }

    /** One or more, commas between them. */
    List<ParsedExpr> list() throws InvalidWhere {
        List<ParsedExpr> list = new ArrayList<>();
        do {
            list.add(expression());
        } while (tokens.take(","));
        return list;
    }

    /** What an operator made of its left side, and whether another operand may still grow at its end. */
    private record Applied(ParsedExpr expression, boolean endsInOperand) {}

    /** @param above the operators to take are those that bind more tightly */
    private ParsedExpr parse(int above, boolean restricted) throws InvalidWhere {
        tokens.enter();
        int around = tallest;
        tallest = 0;
        int start = tokens.peek().start();
        ParsedExpr left = prefix(restricted);
        int height = tallest + 1;
        int mayNotFollow = NO_OPERATOR;
        while (true) {
            Token token = tokens.peek();
            int level = level(token, restricted);
            if (level == NO_OPERATOR || level <= above) {
                break;
            }
            if (level == mayNotFollow) {
                throw tokens.unexpected();
            }
            if (above == BEFORE_SIMILAR
                    && token.is("similar")
                    && !tokens.second().is("to")) {
                break;
            }
            if (above == BEFORE_LABEL && selects.atLabel()) {
                break;
            }
            boolean grows = (level == AND && left instanceof And) || (level == OR && left instanceof Or);
            tallest = 0;
            Applied applied = apply(left, level, start, restricted);
            left = applied.expression();
            height = Math.max(grows ? height - 1 : height, tallest) + 1;
            tokens.checkHeight(height);
            boolean associative = level != IS && level != COMPARISON && level != PREDICATE;
            mayNotFollow = associative || !applied.endsInOperand() ? NO_OPERATOR : level;
        }
        tallest = Math.max(around, height);
        tokens.leave();
        return left;
    }

    private static int level(Token token, boolean restricted) {
        return switch (token.kind()) {
            case OPERATOR -> OTHER_OPERATOR;
            case SYMBOL ->
                switch (token.value()) {
                    case "::" -> CAST;
                    case "+", "-" -> SUM;
                    case "*", "/", "%" -> PRODUCT;
                    case "^" -> POWER;
                    case "<", ">", "=", "<=", ">=", "<>" -> COMPARISON;
                    default -> NO_OPERATOR;
                };
            case KEYWORD ->
                switch (token.value()) {
                    case "operator" -> OTHER_OPERATOR;
                    case "is" -> IS;
                    case "or" -> restricted ? NO_OPERATOR : OR;
                    case "and" -> restricted ? NO_OPERATOR : AND;
                    case "isnull", "notnull" -> restricted ? NO_OPERATOR : IS;
                    case "between", "in", "like", "ilike", "similar", Tokens.NOT_BEFORE_PREDICATE ->
                        restricted ? NO_OPERATOR : PREDICATE;
                    case "at" -> restricted ? NO_OPERATOR : AT;
                    case "collate" -> restricted ? NO_OPERATOR : COLLATE;
                    default -> NO_OPERATOR;
                };
            case IDENTIFIER, INTEGER, NUMBER, STRING, UNICODE_STRING, UNICODE_IDENTIFIER, BIT_STRING, PARAMETER, END ->
                NO_OPERATOR;
        };
    }

    private Applied apply(ParsedExpr left, int level, int start, boolean restricted) throws InvalidWhere {
        int position = tokens.peek().start();
        return switch (level) {
            case OR ->
                new Applied(
                        new Or(
                                operands(left instanceof Or or ? or.operands() : List.of(left), "or", OR),
                                left instanceof Or or ? or.position() : position),
                        true);
            case AND ->
                new Applied(
                        new And(
                                operands(left instanceof And and ? and.operands() : List.of(left), "and", AND),
                                left instanceof And and ? and.position() : position),
                        true);
            case IS -> is(left, start, restricted);
            case PREDICATE -> predicate(left, position);
            case AT -> atTimeZone(left, position);
            case COLLATE -> {
                tokens.next();
                yield new Applied(new Collate(left, qualifiedName(), position), false);
            }
            case CAST -> {
                tokens.next();
                yield new Applied(new Cast(left, types.type(), position), false);
            }
            default -> operation(left, level, operator(), position, restricted);
        };
    }

    private List<ParsedExpr> operands(List<ParsedExpr> first, String word, int level) throws InvalidWhere {
        List<ParsedExpr> operands = new ArrayList<>(first);
        while (tokens.take(word)) {
            operands.add(parse(level, false));
        }
        return operands;
    }

    private Applied operation(ParsedExpr left, int level, List<String> operator, int position, boolean restricted)
            throws InvalidWhere {
        if (!restricted && atQuantifier()) {
            return new Applied(quantified(left, operator, position), false);
        }
        ParsedExpr right = parse(level, restricted);
        return new Applied(new Operation(operator, Optional.of(left), right, position), true);
    }

    private boolean atQuantifier() throws InvalidWhere {
        return tokens.at("any") || tokens.at("some") || tokens.at("all");
    }

    private ParsedExpr quantified(ParsedExpr left, List<String> operator, int position) throws InvalidWhere {
        boolean all = tokens.next().is("all");
        tokens.expect("(");
        ParsedExpr right = inParentheses();
        tokens.expect(")");
        return right instanceof Subquery subquery && subquery.form() == Subquery.Form.SCALAR
                ? new Subquery(Subquery.Form.QUANTIFIED, subquery.select(), position)
                : new Quantified(left, operator, all, right, position);
    }

    private Applied predicate(ParsedExpr left, int position) throws InvalidWhere {
        boolean negated = tokens.take(Tokens.NOT_BEFORE_PREDICATE);
        return switch (tokens.next().value()) {
            case "between" -> new Applied(between(left, negated, position), true);
            case "in" -> new Applied(in(left, negated, position), false);
            case "like" -> like(left, negated ? "!~~" : "~~", position);
            case "ilike" -> like(left, negated ? "!~~*" : "~~*", position);
            default -> new Applied(similar(left, negated ? "!~" : "~", position), true);
        };
    }

    private ParsedExpr between(ParsedExpr left, boolean negated, int position) throws InvalidWhere {
        boolean symmetric = tokens.take("symmetric");
        if (!symmetric) {
            tokens.take("asymmetric");
        }
        ParsedExpr low = restricted();
        tokens.expect("and");
        ParsedExpr high = parse(PREDICATE, false);
        return new Between(left, low, high, symmetric, negated, position);
    }

    private ParsedExpr in(ParsedExpr left, boolean negated, int position) throws InvalidWhere {
        tokens.expect("(");
        ParsedExpr first = inParentheses();
        if (first instanceof Subquery subquery && subquery.form() == Subquery.Form.SCALAR && tokens.take(")")) {
            return new InSubquery(left, subquery.select(), negated, position);
        }
        return new In(left, rest(first), negated, position);
    }

    /** The list that has begun, to its closing parenthesis. */
    private List<ParsedExpr> rest(ParsedExpr first) throws InvalidWhere {
        List<ParsedExpr> list = new ArrayList<>();
        list.add(first);
        while (tokens.take(",")) {
            list.add(expression());
        }
        tokens.expect(")");
        return list;
    }

    private Applied like(ParsedExpr left, String operator, int position) throws InvalidWhere {
        if (atQuantifier()) {
            return new Applied(quantified(left, List.of(operator), position), false);
        }
        ParsedExpr pattern = parse(PREDICATE, false);
        if (tokens.take("escape")) {
            pattern = system("like_escape", position, pattern, parse(PREDICATE, false));
        }
        return new Applied(new Operation(List.of(operator), Optional.of(left), pattern, position), true);
    }

    private ParsedExpr similar(ParsedExpr left, String operator, int position) throws InvalidWhere {
        tokens.expect("to");
        ParsedExpr pattern = parse(PREDICATE, false);
        ParsedExpr regex = tokens.take("escape")
                ? system("similar_to_escape", position, pattern, parse(PREDICATE, false))
                : system("similar_to_escape", position, pattern);
        return new Operation(List.of(operator), Optional.of(left), regex, position);
    }

    private Applied atTimeZone(ParsedExpr left, int position) throws InvalidWhere {
        tokens.next();
        if (tokens.take("local")) {
            return new Applied(system("timezone", position, left), false);
        }
        tokens.expect("time");
        tokens.expect("zone");
        return new Applied(system("timezone", position, parse(AT, false), left), true);
    }

    /** @param start where the left side begins */
    private Applied is(ParsedExpr left, int start, boolean restricted) throws InvalidWhere {
        Token word = tokens.next();
        int position = word.start();
        if (!word.is("is")) {
            return new Applied(new NullTest(left, word.is("notnull"), position), false);
        }
        boolean negated = tokens.take("not");
        if (tokens.take("distinct")) {
            tokens.expect("from");
            return new Applied(new Distinct(left, parse(IS, restricted), negated, position), true);
        }
        if (tokens.take("document")) {
            return new Applied(maybeNot(negated, new Unsupported("XmlExpr", position)), false);
        }
        if (restricted || !tokens.at(Kind.KEYWORD)) {
            throw tokens.unexpected();
        }
        ParsedExpr test = switch (tokens.peek().value()) {
            case "null" -> {
                tokens.next();
                yield new NullTest(left, negated, position);
            }
            case "true" -> truth(left, Truth.TRUE, negated, position);
            case "false" -> truth(left, Truth.FALSE, negated, position);
            case "unknown" -> truth(left, Truth.UNKNOWN, negated, position);
            case "json" -> maybeNot(negated, json(start));
            case "nfc", "nfd", "nfkc", "nfkd", "normalized" -> maybeNot(negated, normalized(left, position));
            default -> throw tokens.unexpected();
        };
        return new Applied(test, false);
    }

    private static ParsedExpr maybeNot(boolean negated, ParsedExpr test) {
        return negated ? new Not(test, test.position()) : test;
    }

    private ParsedExpr truth(ParsedExpr left, Truth truth, boolean negated, int position) throws InvalidWhere {
        tokens.next();
        return new TruthTest(left, truth, negated, position);
    }

    private ParsedExpr normalized(ParsedExpr left, int position) throws InvalidWhere {
        Token form = tokens.next();
        if (form.is("normalized")) {
            return system("is_normalized", position, left);
        }
        tokens.expect("normalized");
        return system("is_normalized", position, left, new StringLiteral(form.value(), form.start()));
    }

    private ParsedExpr json(int start) throws InvalidWhere {
        tokens.next();
        if (tokens.at("value") || tokens.at("array") || tokens.at("object") || tokens.at("scalar")) {
            tokens.next();
        }
        if (tokens.at("with") || tokens.at("without")) {
            tokens.next();
            tokens.expect("unique");
            tokens.take("keys");
        }
        return new Unsupported("JsonIsPredicate", start);
    }

    /** A function that only the grammar calls. */
    static Call system(String name, int position, ParsedExpr... arguments) {
        return new Call(List.of("pg_catalog", name), List.of(arguments), false, false, position);
    }

    /** The operator that stands here, with the schema in {@code OPERATOR(schema.name)}. */
    List<String> operator() throws InvalidWhere {
        if (!tokens.take("operator")) {
            return List.of(tokens.next().value());
        }
        tokens.expect("(");
        List<String> names = new ArrayList<>();
        while (tokens.peek().isColumnName()) {
            names.add(tokens.next().value());
            tokens.expect(".");
        }
        if (!atOperator()) {
            throw tokens.unexpected();
        }
        names.add(tokens.next().value());
        tokens.expect(")");
        return names;
    }

    /** At an operator that needs no {@code OPERATOR()} to be one. */
    boolean atOperator() throws InvalidWhere {
        int level = tokens.at(Kind.KEYWORD) ? NO_OPERATOR : level(tokens.peek(), true);
        return level != NO_OPERATOR && level != CAST;
    }

    private List<String> qualifiedName() throws InvalidWhere {
        List<String> names = new ArrayList<>();
        names.add(tokens.columnName());
        while (tokens.take(".")) {
            names.add(tokens.label());
        }
        return names;
    }

    private ParsedExpr prefix(boolean restricted) throws InvalidWhere {
        Token token = tokens.peek();
        int position = token.start();
        if (token.is("-")) {
            tokens.next();
            return negative(parse(SIGN, restricted), position);
        }
        if (token.is("+")) {
            tokens.next();
            return new Operation(List.of("+"), Optional.empty(), parse(SIGN, restricted), position);
        }
        if (token.kind() == Kind.OPERATOR
                || (token.is("operator") && tokens.second().is("("))) {
            List<String> operator = operator();
            return new Operation(operator, Optional.empty(), parse(OTHER_OPERATOR, restricted), position);
        }
        if (!restricted && (token.is("not") || token.is(Tokens.NOT_BEFORE_PREDICATE))) {
            tokens.next();
            return new Not(parse(NOT, false), position);
        }
        if (!restricted && token.is("default")) {
            tokens.next();
            return new Unsupported("SetToDefault", position);
        }
        if (!restricted && token.is("unique")) {
            throw unique();
        }
        return operand(restricted);
    }

    /** The sign becomes part of a number, so that the least int4 is one. */
    private static ParsedExpr negative(ParsedExpr operand, int position) {
        if (!(operand instanceof NumberLiteral number)) {
            return new Operation(List.of("-"), Optional.empty(), operand, position);
        }
        String text = number.text();
        if (text.startsWith("-")) {
            return new NumberLiteral(text.substring(1), position);
        }
        return new NumberLiteral(text.equals("0") ? text : "-" + text, position);
    }

    private InvalidWhere unique() throws InvalidWhere {
        int position = tokens.next().start();
        if (tokens.take("nulls")) {
            tokens.take("not");
            tokens.expect("distinct");
        }
        selects.inParentheses();
        return tokens.errorAt(position, "UNIQUE predicate is not yet implemented");
    }

    /** What operators apply to. */
    ParsedExpr operand(boolean restricted) throws InvalidWhere {
        Token token = tokens.peek();
        int position = token.start();
        return switch (token.kind()) {
            case INTEGER, NUMBER -> new NumberLiteral(tokens.next().value(), position);
            case STRING -> new StringLiteral(tokens.next().value(), position);
            case BIT_STRING -> new BitString(tokens.next().value(), position);
            case PARAMETER -> {
                int number = Integer.parseInt(tokens.next().value());
                yield indirection(new Parameter(number, position), position);
            }
            case IDENTIFIER -> named();
            case KEYWORD -> keyword(token, restricted);
            case SYMBOL -> {
                if (!token.is("(")) {
                    throw tokens.unexpected();
                }
                yield parenthesised(restricted);
            }
            case UNICODE_STRING, UNICODE_IDENTIFIER, OPERATOR, END -> throw tokens.unexpected();
        };
    }

    private ParsedExpr keyword(Token token, boolean restricted) throws InvalidWhere {
        int position = token.start();
        switch (token.value()) {
            case "true", "false" -> {
                return new BooleanLiteral(tokens.next().is("true"), position);
            }
            case "null" -> {
                tokens.next();
                return new NullLiteral(position);
            }
            case "case" -> {
                return caseOf();
            }
            case "array" -> {
                tokens.next();
                return tokens.at("(")
                        ? new Subquery(Subquery.Form.ARRAY, selects.inParentheses(), position)
                        : array(position);
            }
            case "exists" -> {
                if (tokens.second().is("(")) {
                    tokens.next();
                    return new Subquery(Subquery.Form.EXISTS, selects.inParentheses(), position);
                }
            }
            case "row" -> {
                if (tokens.second().is("(")) {
                    return overlaps(row(), restricted);
                }
            }
            default -> {}
        }
        if (types.atLiteral()) {
            return types.literal();
        }
        if (calls.atSpecial()) {
            return calls.special();
        }
        if (!token.isColumnName() && !token.isTypeOrFunctionName()) {
            throw tokens.unexpected();
        }
        return named();
    }

    /** A column, a function call, or a string with its type in front. */
    private ParsedExpr named() throws InvalidWhere {
        Token token = tokens.next();
        List<Step> steps = steps(token);
        boolean function = !steps.isEmpty() || token.isTypeOrFunctionName();
        if (function && (tokens.at("(") || tokens.at(Kind.STRING))) {
            List<String> names = new ArrayList<>();
            names.add(token.value());
            for (Step step : steps) {
                if (!(step instanceof Step.Field field)) {
                    throw tokens.unexpected();
                }
                names.add(field.name());
            }
            return tokens.at("(") ? calls.call(names, token.start()) : types.literal(names, token.start());
        }
        if (!token.isColumnName()) {
            throw tokens.unexpected();
        }
        return column(token, steps);
    }

    private List<Step> steps(Token name) throws InvalidWhere {
        return name.isColumnName() ? steps() : List.of();
    }

    private ParsedExpr column(Token name, List<Step> steps) throws InvalidWhere {
        refuseStarBeforeEnd(steps);
        List<String> names = new ArrayList<>();
        names.add(name.value());
        boolean star = false;
        int i = 0;
        for (; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Field field) {
                names.add(field.name());
            } else if (steps.get(i) instanceof Step.AllFields) {
                star = true;
            } else {
                break;
            }
        }
        Column column = new Column(names, star, name.start());
        return i == steps.size() ? column : new Indirection(column, steps.subList(i, steps.size()), name.start());
    }

    private ParsedExpr indirection(ParsedExpr operand, int position) throws InvalidWhere {
        List<Step> steps = steps();
        refuseStarBeforeEnd(steps);
        return steps.isEmpty() ? operand : new Indirection(operand, steps, position);
    }

    private void refuseStarBeforeEnd(List<Step> steps) throws InvalidWhere {
        for (int i = 0; i < steps.size() - 1; i++) {
            if (steps.get(i) instanceof Step.AllFields) {
                throw tokens.errorHere("improper use of \"*\"");
            }
        }
    }

    /** Subscripts and fields, as many as there are. */
    List<Step> steps() throws InvalidWhere {
        List<Step> steps = new ArrayList<>();
        while (true) {
            if (tokens.take(".")) {
                steps.add(tokens.take("*") ? new Step.AllFields() : new Step.Field(tokens.label()));
            } else if (tokens.take("[")) {
                steps.add(subscript());
                tokens.expect("]");
            } else {
                return steps;
            }
        }
    }

    private Step subscript() throws InvalidWhere {
        Optional<ParsedExpr> lower = tokens.at(":") ? Optional.empty() : Optional.of(expression());
        if (lower.isPresent() && !tokens.at(":")) {
            return new Step.Subscript(lower.get());
        }
        tokens.expect(":");
        return new Step.Slice(lower, tokens.at("]") ? Optional.empty() : Optional.of(expression()));
    }

    private ParsedExpr parenthesised(boolean restricted) throws InvalidWhere {
        int position = tokens.expect("(").start();
        ParsedExpr first = inParentheses();
        if (tokens.at(",")) {
            return overlaps(new Row(rest(first), false, position), restricted);
        }
        tokens.expect(")");
        return indirection(
                first instanceof Subquery subquery && subquery.form() == Subquery.Form.SCALAR
                        ? new Subquery(Subquery.Form.SCALAR, subquery.select(), position)
                        : first,
                position);
    }

    /**
     * A subquery or an expression, behind an opening parenthesis. Parentheses around a subquery belong to it as long
     * as they can, so {@code ((SELECT 1) UNION SELECT 2)} is one.
     */
    private ParsedExpr inParentheses() throws InvalidWhere {
        int position = tokens.peek().start();
        ParsedSelect select;
        if (selects.atStart()) {
            select = selects.select();
        } else {
            ParsedExpr expression = expression();
            if (!(expression instanceof Subquery subquery)
                    || subquery.form() != Subquery.Form.SCALAR
                    || !selects.atContinuation()) {
                return expression;
            }
            select = selects.continued(subquery.select());
        }
        if (!tokens.at(")")) {
            throw tokens.unexpected();
        }
        return new Subquery(Subquery.Form.SCALAR, select, position);
    }

    private Row row() throws InvalidWhere {
        int position = tokens.expect("row").start();
        tokens.expect("(");
        if (tokens.take(")")) {
            return new Row(List.of(), true, position);
        }
        return new Row(rest(expression()), true, position);
    }

    /** Two rows around {@code OVERLAPS} hold together more tightly than any operator. */
    private ParsedExpr overlaps(Row left, boolean restricted) throws InvalidWhere {
        if (restricted || !tokens.at("overlaps")) {
            return left;
        }
        int position = tokens.next().start();
        Row right = tokens.at("row") ? row() : implicitRow();
        refuseUnlessTwo(left, "left");
        refuseUnlessTwo(right, "right");
        List<ParsedExpr> arguments = new ArrayList<>(left.fields());
        arguments.addAll(right.fields());
        return system("overlaps", position, arguments.toArray(ParsedExpr[]::new));
    }

    private Row implicitRow() throws InvalidWhere {
        int position = tokens.expect("(").start();
        ParsedExpr first = expression();
        if (!tokens.at(",")) {
            throw tokens.unexpected();
        }
        return new Row(rest(first), false, position);
    }

    private void refuseUnlessTwo(Row row, String side) throws InvalidWhere {
        if (row.fields().size() != 2) {
            throw tokens.errorAt(
                    row.position(), "wrong number of parameters on " + side + " side of OVERLAPS expression");
        }
    }

    private ParsedExpr array(int position) throws InvalidWhere {
        tokens.enter();
        tokens.expect("[");
        List<ParsedExpr> elements = new ArrayList<>();
        boolean nested = tokens.at("[");
        if (!tokens.at("]")) {
            do {
                elements.add(nested ? array(tokens.peek().start()) : expression());
            } while (tokens.take(","));
        }
        tokens.expect("]");
        tokens.leave();
        return new ArrayOf(elements, position);
    }

    private ParsedExpr caseOf() throws InvalidWhere {
        int position = tokens.next().start();
        Optional<ParsedExpr> operand = tokens.at("when") ? Optional.empty() : Optional.of(expression());
        List<When> branches = new ArrayList<>();
        do {
            int when = tokens.expect("when").start();
            ParsedExpr condition = expression();
            tokens.expect("then");
            branches.add(new When(condition, expression(), when));
        } while (tokens.at("when"));
        Optional<ParsedExpr> otherwise = tokens.take("else") ? Optional.of(expression()) : Optional.empty();
        tokens.expect("end");
        return new Case(operand, branches, otherwise, position);
    }
}
