package electric.sync.where;

import static electric.sync.where.ExprParser.system;

import electric.sync.where.ParsedExpr.Call;
import electric.sync.where.ParsedExpr.Cast;
import electric.sync.where.ParsedExpr.Choice;
import electric.sync.where.ParsedExpr.NamedArgument;
import electric.sync.where.ParsedExpr.NullIf;
import electric.sync.where.ParsedExpr.NumberLiteral;
import electric.sync.where.ParsedExpr.StringLiteral;
import electric.sync.where.ParsedExpr.Unsupported;
import electric.sync.where.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Function calls, and what SQL spells like one. */
final class CallParser {
    private final Tokens tokens;
    private final ExprParser expressions;
    private final TypeParser types;

    CallParser(Tokens tokens, ExprParser expressions, TypeParser types) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.types = types;
    }

    /**
     * What stands in a call's parentheses.
     *
     * @param plain whether it begins with neither {@code *}, {@code ALL}, {@code DISTINCT} nor {@code VARIADIC}
     * @param orderBy where {@code ORDER BY} stands
     */
    record Arguments(
            List<ParsedExpr> list,
            boolean plain,
            boolean star,
            boolean distinct,
            boolean variadic,
            OptionalInt orderBy) {
        boolean aggregate() {
            return star || distinct || orderBy.isPresent();
        }
    }

    /** The call of a function named already, from its parenthesis on; or a string whose type has modifiers. */
    ParsedExpr call(List<String> name, int position) throws InvalidWhere {
        Arguments arguments = arguments();
        if (tokens.at(Kind.STRING)
                && arguments.plain()
                && !arguments.variadic()
                && !arguments.list().isEmpty()) {
            refuseAsModifiers(arguments);
            return types.literal(name, arguments.list(), position);
        }
        boolean decorated = decorations(arguments);
        return new Call(name, arguments.list(), arguments.aggregate() || decorated, arguments.variadic(), position);
    }

    private void refuseAsModifiers(Arguments arguments) throws InvalidWhere {
        for (ParsedExpr argument : arguments.list()) {
            if (argument instanceof NamedArgument named) {
                throw tokens.errorAt(named.position(), "type modifier cannot have parameter name");
            }
        }
        if (arguments.orderBy().isPresent()) {
            throw tokens.errorAt(arguments.orderBy().getAsInt(), "type modifier cannot have ORDER BY");
        }
    }

    Arguments arguments() throws InvalidWhere {
        tokens.expect("(");
        if (tokens.take(")")) {
            return new Arguments(List.of(), true, false, false, false, OptionalInt.empty());
        }
        if (tokens.take("*")) {
            tokens.expect(")");
            return new Arguments(List.of(), false, true, false, false, OptionalInt.empty());
        }
        boolean distinct = tokens.take("distinct");
        boolean plain = !distinct && !tokens.take("all");
        List<ParsedExpr> list = new ArrayList<>();
        boolean variadic = plain && tokens.take("variadic");
        list.add(argument());
        while (!variadic && tokens.take(",")) {
            variadic = plain && tokens.take("variadic");
            list.add(argument());
        }
        OptionalInt orderBy = orderBy();
        tokens.expect(")");
        return new Arguments(list, plain, false, distinct, variadic, orderBy);
    }

    private OptionalInt orderBy() throws InvalidWhere {
        if (!tokens.at("order")) {
            return OptionalInt.empty();
        }
        int position = tokens.peek().start();
        expressions.selects().orderBy();
        return OptionalInt.of(position);
    }

    private ParsedExpr argument() throws InvalidWhere {
        Token name = tokens.peek();
        if (name.isTypeOrFunctionName()
                && (tokens.second().is(":=") || tokens.second().is("=>"))) {
            tokens.next();
            tokens.next();
            return new NamedArgument(name.value(), expressions.expression(), name.start());
        }
        return expressions.expression();
    }

    /** Whether something follows the parentheses that only an aggregate or a window function may have. */
    private boolean decorations(Arguments arguments) throws InvalidWhere {
        int position = tokens.peek().start();
        boolean withinGroup = tokens.take("within");
        if (withinGroup) {
            tokens.expect("group");
            tokens.expect("(");
            expressions.selects().orderBy();
            tokens.expect(")");
        }
        boolean filtered = filter();
        boolean windowed = over();
        if (withinGroup && arguments.orderBy().isPresent()) {
            throw tokens.errorAt(position, "cannot use multiple ORDER BY clauses with WITHIN GROUP");
        }
        if (withinGroup && arguments.distinct()) {
            throw tokens.errorAt(position, "cannot use DISTINCT with WITHIN GROUP");
        }
        if (withinGroup && arguments.variadic()) {
            throw tokens.errorAt(position, "cannot use VARIADIC with WITHIN GROUP");
        }
        return withinGroup || filtered || windowed;
    }

    private boolean filter() throws InvalidWhere {
        if (!tokens.take("filter")) {
            return false;
        }
        tokens.expect("(");
        tokens.expect("where");
        expressions.expression();
        tokens.expect(")");
        return true;
    }

    private boolean over() throws InvalidWhere {
        if (!tokens.take("over")) {
            return false;
        }
        if (tokens.at("(")) {
            expressions.selects().window();
        } else {
            tokens.columnName();
        }
        return true;
    }

    /** Whether a word stands here that has a syntax of its own. */
    boolean atSpecial() throws InvalidWhere {
        Token token = tokens.peek();
        if (token.kind() != Kind.KEYWORD) {
            return false;
        }
        return switch (token.value()) {
            case "cast",
                    "current_catalog",
                    "current_date",
                    "current_role",
                    "current_time",
                    "current_timestamp",
                    "current_user",
                    "localtime",
                    "localtimestamp",
                    "session_user",
                    "system_user",
                    "user" -> true;
            case "current_schema" -> !tokens.second().is("(") && tokens.second().kind() != Kind.STRING;
            case "collation" -> tokens.second().is("for");
            case "coalesce",
                    "extract",
                    "greatest",
                    "grouping",
                    "json",
                    "json_array",
                    "json_arrayagg",
                    "json_exists",
                    "json_object",
                    "json_objectagg",
                    "json_query",
                    "json_scalar",
                    "json_serialize",
                    "json_value",
                    "least",
                    "merge_action",
                    "normalize",
                    "nullif",
                    "overlay",
                    "position",
                    "substring",
                    "treat",
                    "trim",
                    "xmlconcat",
                    "xmlelement",
                    "xmlexists",
                    "xmlforest",
                    "xmlparse",
                    "xmlpi",
                    "xmlroot",
                    "xmlserialize" -> tokens.second().is("(");
            default -> false;
        };
    }

    ParsedExpr special() throws InvalidWhere {
        Token word = tokens.next();
        int position = word.start();
        return switch (word.value()) {
            case "current_time", "current_timestamp", "localtime", "localtimestamp" -> {
                if (tokens.take("(")) {
                    tokens.expect(Kind.INTEGER);
                    tokens.expect(")");
                }
                yield new Unsupported("SQLValueFunction", position);
            }
            case "current_catalog",
                    "current_date",
                    "current_role",
                    "current_schema",
                    "current_user",
                    "session_user",
                    "user" -> new Unsupported("SQLValueFunction", position);
            case "system_user" -> system("system_user", position);
            case "json_array" -> skipped("JsonArrayConstructor", position);
            case "json_object" -> skipped("JsonObjectConstructor", position);
            case "json" -> skipped("JsonParseExpr", position);
            case "json_scalar" -> skipped("JsonScalarExpr", position);
            case "json_serialize" -> skipped("JsonSerializeExpr", position);
            case "json_exists", "json_query", "json_value" -> skipped("JsonFuncExpr", position);
            case "json_arrayagg" -> skippedAggregate("JsonArrayAgg", position);
            case "json_objectagg" -> skippedAggregate("JsonObjectAgg", position);
            case "xmlserialize" -> skipped("XmlSerialize", position);
            case "xmlconcat", "xmlelement", "xmlforest", "xmlparse", "xmlpi", "xmlroot" -> skipped("XmlExpr", position);
            case "collation" -> {
                tokens.next();
                yield inParentheses(word);
            }
            default -> inParentheses(word);
        };
    }

    private ParsedExpr inParentheses(Token word) throws InvalidWhere {
        int position = word.start();
        tokens.enter();
        tokens.expect("(");
        ParsedExpr special = switch (word.value()) {
            case "cast" -> {
                ParsedExpr operand = expressions.expression();
                tokens.expect("as");
                yield new Cast(operand, types.type(), position);
            }
            case "treat" -> {
                ParsedExpr operand = expressions.expression();
                tokens.expect("as");
                yield system(types.type().names().getLast(), position, operand);
            }
            case "coalesce" -> new Choice(Choice.Function.COALESCE, expressions.list(), position);
            case "greatest" -> new Choice(Choice.Function.GREATEST, expressions.list(), position);
            case "least" -> new Choice(Choice.Function.LEAST, expressions.list(), position);
            case "nullif" -> {
                ParsedExpr left = expressions.expression();
                tokens.expect(",");
                yield new NullIf(left, expressions.expression(), position);
            }
            case "grouping" -> {
                expressions.list();
                yield new Unsupported("GroupingFunc", position);
            }
            case "collation" -> system("pg_collation_for", position, expressions.expression());
            case "extract" -> extract(position);
            case "normalize" -> normalize(position);
            case "overlay" -> overlay(position);
            case "position" -> {
                ParsedExpr sought = expressions.restricted();
                tokens.expect("in");
                yield system("position", position, expressions.restricted(), sought);
            }
            case "substring" -> substring(position);
            case "trim" -> trim(position);
            case "xmlexists" -> xmlExists(position);
            default -> new Unsupported("MergeSupportFunc", position);
        };
        tokens.expect(")");
        tokens.leave();
        return special;
    }

    private ParsedExpr extract(int position) throws InvalidWhere {
        Token field = tokens.peek();
        boolean unit = field.kind() == Kind.IDENTIFIER
                || field.kind() == Kind.STRING
                || field.is("year")
                || field.is("month")
                || field.is("day")
                || field.is("hour")
                || field.is("minute")
                || field.is("second");
        if (!unit) {
            throw tokens.unexpected();
        }
        tokens.next();
        tokens.expect("from");
        return system("extract", position, new StringLiteral(field.value(), field.start()), expressions.expression());
    }

    private ParsedExpr normalize(int position) throws InvalidWhere {
        ParsedExpr text = expressions.expression();
        if (!tokens.take(",")) {
            return system("normalize", position, text);
        }
        Token form = tokens.peek();
        if (!form.is("nfc") && !form.is("nfd") && !form.is("nfkc") && !form.is("nfkd")) {
            throw tokens.unexpected();
        }
        tokens.next();
        return system("normalize", position, text, new StringLiteral(form.value(), form.start()));
    }

    private ParsedExpr overlay(int position) throws InvalidWhere {
        if (tokens.at(")")) {
            return named("overlay", List.of(), position);
        }
        ParsedExpr first = argument();
        if (first instanceof NamedArgument || !tokens.take("placing")) {
            return named("overlay", rest(first), position);
        }
        ParsedExpr replacement = expressions.expression();
        tokens.expect("from");
        ParsedExpr from = expressions.expression();
        return tokens.take("for")
                ? system("overlay", position, first, replacement, from, expressions.expression())
                : system("overlay", position, first, replacement, from);
    }

    private ParsedExpr substring(int position) throws InvalidWhere {
        if (tokens.at(")")) {
            return named("substring", List.of(), position);
        }
        boolean isNamed = tokens.peek().isTypeOrFunctionName()
                && (tokens.second().is(":=") || tokens.second().is("=>"));
        ParsedExpr text = isNamed ? argument() : expressions.expressionBeforeSimilar();
        if (isNamed) {
            return named("substring", rest(text), position);
        }
        if (tokens.take("from")) {
            ParsedExpr from = expressions.expression();
            return tokens.take("for")
                    ? system("substring", position, text, from, expressions.expression())
                    : system("substring", position, text, from);
        }
        if (tokens.at("for")) {
            int forPosition = tokens.next().start();
            ParsedExpr length = expressions.expression();
            if (tokens.take("from")) {
                return system("substring", position, text, expressions.expression(), length);
            }
            // Postgres casts, or a length of unknown type would be taken for a pattern.
            ParsedType int4 = TypeParser.known("int4", forPosition);
            return system(
                    "substring",
                    position,
                    text,
                    new NumberLiteral("1", forPosition),
                    new Cast(length, int4, forPosition));
        }
        if (tokens.take("similar")) {
            ParsedExpr pattern = expressions.expression();
            tokens.expect("escape");
            return system("substring", position, text, pattern, expressions.expression());
        }
        return named("substring", rest(text), position);
    }

    private ParsedExpr trim(int position) throws InvalidWhere {
        String function = "btrim";
        if (tokens.take("leading")) {
            function = "ltrim";
        } else if (tokens.take("trailing")) {
            function = "rtrim";
        } else {
            tokens.take("both");
        }
        List<ParsedExpr> arguments = new ArrayList<>();
        if (tokens.take("from")) {
            arguments.addAll(expressions.list());
        } else {
            ParsedExpr first = expressions.expression();
            if (tokens.take("from")) {
                arguments.addAll(expressions.list());
                arguments.add(first);
            } else {
                arguments.add(first);
                while (tokens.take(",")) {
                    arguments.add(expressions.expression());
                }
            }
        }
        return system(function, position, arguments.toArray(ParsedExpr[]::new));
    }

    private ParsedExpr xmlExists(int position) throws InvalidWhere {
        ParsedExpr path = expressions.operand(true);
        tokens.expect("passing");
        passingMechanism();
        ParsedExpr document = expressions.operand(true);
        passingMechanism();
        return system("xmlexists", position, path, document);
    }

    private void passingMechanism() throws InvalidWhere {
        if (tokens.take("by") && !tokens.take("ref")) {
            tokens.expect("value");
        }
    }

    /** The arguments that follow the first one. */
    private List<ParsedExpr> rest(ParsedExpr first) throws InvalidWhere {
        List<ParsedExpr> arguments = new ArrayList<>();
        arguments.add(first);
        while (tokens.take(",")) {
            arguments.add(argument());
        }
        return arguments;
    }

    private static ParsedExpr named(String name, List<ParsedExpr> arguments, int position) {
        return new Call(List.of(name), arguments, false, false, position);
    }

    private ParsedExpr skippedAggregate(String node, int position) throws InvalidWhere {
        ParsedExpr aggregate = skipped(node, position);
        filter();
        over();
        return aggregate;
    }

    /** Refused whatever stands in its parentheses, so that it is not looked at. */
    ParsedExpr skipped(String node, int position) throws InvalidWhere {
        tokens.expect("(");
        int open = 1;
        while (open > 0) {
            if (tokens.at(Kind.END)) {
                throw tokens.unexpected();
            }
            Token token = tokens.next();
            open += token.is("(") ? 1 : token.is(")") ? -1 : 0;
        }
        return new Unsupported(node, position);
    }
}
