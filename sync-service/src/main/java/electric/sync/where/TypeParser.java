package electric.sync.where;

import electric.sync.where.ParsedExpr.Cast;
import electric.sync.where.ParsedExpr.NumberLiteral;
import electric.sync.where.ParsedExpr.StringLiteral;
import electric.sync.where.ParsedType.IntervalFields;
import electric.sync.where.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Types, and strings with their type in front. */
final class TypeParser {
    private static final Set<String> BEFORE_STRING = Set.of(
            "int",
            "integer",
            "smallint",
            "bigint",
            "real",
            "float",
            "decimal",
            "dec",
            "numeric",
            "boolean",
            "bit",
            "character",
            "char",
            "varchar",
            "nchar",
            "timestamp",
            "time",
            "interval",
            "json");
    private static final Set<String> BEFORE_PARENTHESIS = Set.of(
            "float",
            "decimal",
            "dec",
            "numeric",
            "bit",
            "character",
            "char",
            "varchar",
            "nchar",
            "timestamp",
            "time",
            "interval");

    private final Tokens tokens;
    private final ExprParser expressions;

    TypeParser(Tokens tokens, ExprParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Any type. */
    ParsedType type() throws InvalidWhere {
        boolean set = tokens.take("setof");
        ParsedType simple = simple();
        int dimensions = 0;
        if (tokens.take("array")) {
            dimensions = 1;
            if (tokens.take("[")) {
                tokens.expect(Kind.INTEGER);
                tokens.expect("]");
            }
        } else {
            while (tokens.take("[")) {
                if (!tokens.at("]")) {
                    tokens.expect(Kind.INTEGER);
                }
                tokens.expect("]");
                dimensions++;
            }
        }
        ParsedType type = simple.withDimensions(dimensions);
        return set ? type.asSet() : type;
    }

    /** Whether a word of SQL stands here that names a type, and behind it a literal of that type begins. */
    boolean atLiteral() throws InvalidWhere {
        String word = tokens.peek().value();
        if (!isKnown(word)) {
            return false;
        }
        Token second = tokens.second();
        if (second.kind() == Kind.STRING) {
            return BEFORE_STRING.contains(word);
        }
        if (second.is("(")) {
            return BEFORE_PARENTHESIS.contains(word);
        }
        return switch (word) {
            case "bit", "character", "char", "nchar" -> second.is("varying");
            case "national" -> second.is("character") || second.is("char");
            case "double" -> second.is("precision");
            case "time", "timestamp" -> second.is(Tokens.WITH_BEFORE_TIME) || second.is(Tokens.WITHOUT_BEFORE_TIME);
            default -> false;
        };
    }

    ParsedExpr literal() throws InvalidWhere {
        int position = tokens.peek().start();
        if (!tokens.at("interval")) {
            ParsedType type = known(true);
            return string(type);
        }
        tokens.next();
        if (tokens.at("(")) {
            return string(known("interval", precision(), position));
        }
        Token string = tokens.expect(Kind.STRING);
        return new Cast(new StringLiteral(string.value(), string.start()), interval(position), position);
    }

    /** The type was read already, as if it were a function. */
    ParsedExpr literal(List<String> names, int position) throws InvalidWhere {
        return literal(names, List.of(), position);
    }

    ParsedExpr literal(List<String> names, List<ParsedExpr> modifiers, int position) throws InvalidWhere {
        return string(new ParsedType(names, modifiers, Optional.empty(), 0, false, position));
    }

    private ParsedExpr string(ParsedType type) throws InvalidWhere {
        Token string = tokens.expect(Kind.STRING);
        return new Cast(new StringLiteral(string.value(), string.start()), type, type.position());
    }

    ParsedType simple() throws InvalidWhere {
        Token token = tokens.peek();
        boolean known = token.kind() == Kind.KEYWORD
                && isKnown(token.value())
                && (!token.is("double") || tokens.second().is("precision"));
        return known ? known(false) : generic();
    }

    private static boolean isKnown(String word) {
        return BEFORE_STRING.contains(word) || word.equals("national") || word.equals("double");
    }

    private ParsedType generic() throws InvalidWhere {
        Token token = tokens.peek();
        if (!token.isTypeOrFunctionName()) {
            throw tokens.unexpected();
        }
        List<String> names = new ArrayList<>();
        names.add(tokens.next().value());
        while (tokens.take(".")) {
            names.add(tokens.label());
        }
        return new ParsedType(names, modifiers(), Optional.empty(), 0, false, token.start());
    }

    /** @param literal whether a string of this type follows: then a missing length is no length, not 1 */
    private ParsedType known(boolean literal) throws InvalidWhere {
        Token token = tokens.next();
        int position = token.start();
        return switch (token.value()) {
            case "int", "integer" -> known("int4", position);
            case "smallint" -> known("int2", position);
            case "bigint" -> known("int8", position);
            case "real" -> known("float4", position);
            case "boolean" -> known("bool", position);
            case "json" -> known("json", position);
            case "float" -> known(floating(), position);
            case "double" -> {
                tokens.next();
                yield known("float8", position);
            }
            case "decimal", "dec", "numeric" -> known("numeric", modifiers(), position);
            case "bit" -> {
                String name = tokens.take("varying") ? "varbit" : "bit";
                List<ParsedExpr> length = modifiers();
                yield known(
                        name, name.equals("bit") && length.isEmpty() && !literal ? one(position) : length, position);
            }
            case "character", "char", "nchar" -> characters(tokens.take("varying"), literal, position);
            case "national" -> {
                if (!tokens.at("character") && !tokens.at("char")) {
                    throw tokens.unexpected();
                }
                tokens.next();
                yield characters(tokens.take("varying"), literal, position);
            }
            case "varchar" -> characters(true, literal, position);
            case "time", "timestamp" -> {
                List<ParsedExpr> precision = precision();
                yield known(token.value() + (withZone() ? "tz" : ""), precision, position);
            }
            default -> tokens.at("(") ? known("interval", precision(), position) : interval(position);
        };
    }

    static ParsedType known(String name, int position) {
        return known(name, List.of(), position);
    }

    private static ParsedType known(String name, List<ParsedExpr> modifiers, int position) {
        return new ParsedType(List.of("pg_catalog", name), modifiers, Optional.empty(), 0, false, position);
    }

    private static List<ParsedExpr> one(int position) {
        return List.of(new NumberLiteral("1", position));
    }

    private ParsedType characters(boolean varying, boolean literal, int position) throws InvalidWhere {
        List<ParsedExpr> length = precision();
        String name = varying ? "varchar" : "bpchar";
        return known(name, !varying && length.isEmpty() && !literal ? one(position) : length, position);
    }

    private String floating() throws InvalidWhere {
        List<ParsedExpr> precision = precision();
        if (precision.isEmpty()) {
            return "float8";
        }
        NumberLiteral number = (NumberLiteral) precision.getFirst();
        int bits = Integer.parseInt(number.text());
        if (bits < 1) {
            throw tokens.errorAt(number.position(), "precision for type float must be at least 1 bit");
        }
        if (bits > 53) {
            throw tokens.errorAt(number.position(), "precision for type float must be less than 54 bits");
        }
        return bits <= 24 ? "float4" : "float8";
    }

    /** One integer in parentheses, or nothing. */
    private List<ParsedExpr> precision() throws InvalidWhere {
        if (!tokens.take("(")) {
            return List.of();
        }
        Token number = tokens.expect(Kind.INTEGER);
        tokens.expect(")");
        return List.of(new NumberLiteral(number.value(), number.start()));
    }

    /** Expressions in parentheses, or nothing. */
    private List<ParsedExpr> modifiers() throws InvalidWhere {
        if (!tokens.take("(")) {
            return List.of();
        }
        List<ParsedExpr> modifiers = expressions.list();
        tokens.expect(")");
        return modifiers;
    }

    private boolean withZone() throws InvalidWhere {
        boolean with = tokens.at(Tokens.WITH_BEFORE_TIME);
        if (with || tokens.at(Tokens.WITHOUT_BEFORE_TIME)) {
            tokens.next();
            tokens.expect("time");
            tokens.expect("zone");
        }
        return with;
    }

    /** An interval, of which the fields may follow. */
    private ParsedType interval(int position) throws InvalidWhere {
        Optional<IntervalFields> fields = switch (tokens.at(Kind.KEYWORD)
                ? tokens.peek().value()
                : "") {
            case "year" -> fields(IntervalFields.YEAR, List.of(IntervalFields.MONTH));
            case "month" -> fields(IntervalFields.MONTH, List.of());
            case "day" ->
                fields(IntervalFields.DAY, List.of(IntervalFields.HOUR, IntervalFields.MINUTE, IntervalFields.SECOND));
            case "hour" -> fields(IntervalFields.HOUR, List.of(IntervalFields.MINUTE, IntervalFields.SECOND));
            case "minute" -> fields(IntervalFields.MINUTE, List.of(IntervalFields.SECOND));
            case "second" -> fields(IntervalFields.SECOND, List.of());
            default -> Optional.empty();
        };
        boolean seconds = fields.isPresent() && fields.get().name().endsWith("SECOND");
        List<ParsedExpr> precision = seconds ? precision() : List.of();
        return new ParsedType(List.of("pg_catalog", "interval"), precision, fields, 0, false, position);
    }

    /** One field, or a range that ends in one of {@code ends}. */
    private Optional<IntervalFields> fields(IntervalFields from, List<IntervalFields> ends) throws InvalidWhere {
        tokens.next();
        if (ends.isEmpty() || !tokens.take("to")) {
            return Optional.of(from);
        }
        for (IntervalFields end : ends) {
            if (tokens.take(end.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(IntervalFields.valueOf(from + "_TO_" + end));
            }
        }
        throw tokens.unexpected();
    }
}
