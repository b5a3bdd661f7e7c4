package electric.sync.where;

import electric.sync.value.IntervalFields;
import electric.sync.where.ParsedExpr.NumberLiteral;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A type as a cast names it.
 *
 * @param modifier as Postgres keeps it, -1 for none
 * @param fields those that an interval is cut down to
 * @param sql as written in SQL, modifier included
 */
record NamedType(Type type, int modifier, IntervalFields fields, String sql) {
    private static final int HEADER = 4;

    static NamedType of(Type type) {
        return new NamedType(type, -1, IntervalFields.ALL, Sql.name(type));
    }

    /** @param columns types that exist because a column is of them */
    static NamedType of(ParsedType parsed, Collection<Type> columns) throws InvalidWhere {
        Type simple = simple(parsed, columns);
        List<Integer> modifiers = modifiers(parsed);
        int modifier = -1;
        String written = Sql.name(simple);
        IntervalFields fields = IntervalFields.ALL;
        if (simple.equals(Types.INTERVAL)) {
            fields = parsed.fields()
                    .map(some -> IntervalFields.valueOf(some.name()))
                    .orElse(IntervalFields.ALL);
            modifier = interval(fields, modifiers, parsed);
            written = intervalSql(fields, modifiers);
        } else if (!modifiers.isEmpty()) {
            modifier = modifier(simple, modifiers, parsed);
            written += "("
                    + String.join(",", modifiers.stream().map(String::valueOf).toList()) + ")";
        }
        if (parsed.dimensions() == 0) {
            return new NamedType(simple, modifier, fields, written);
        }
        return new NamedType(new Type.Array(simple), modifier, fields, written + "[]");
    }

    private static Type simple(ParsedType parsed, Collection<Type> columns) throws InvalidWhere {
        List<String> names = parsed.names();
        boolean builtIn =
                names.size() == 1 || (names.size() == 2 && names.getFirst().equals("pg_catalog"));
        String name = names.getLast();
        if (builtIn && !parsed.setOf()) {
            Type type = Types.builtIn(name);
            if (Calls.isCalculable(type)) {
                return type;
            }
        }
        boolean taken = builtIn && Catalogue.hasType(name);
        Optional<Type> ofColumn = taken || parsed.setOf() ? Optional.empty() : enumerated(names, columns);
        if (ofColumn.isPresent()) {
            return ofColumn.get();
        }
        List<String> shown = names.size() > 1 && names.getFirst().equals("pg_catalog") ? List.of(name) : names;
        throw InvalidWhere.at(
                parsed.position(),
                "unsupported type " + Names.shown(shown) + "[]".repeat(Math.min(1, parsed.dimensions())));
    }

    /** An unqualified name is one of the schema {@code public}, as that of a table is. */
    private static Optional<Type> enumerated(List<String> names, Collection<Type> columns) {
        String schema = names.size() == 1 ? "public" : names.getFirst();
        return names.size() > 2
                ? Optional.empty()
                : columns.stream()
                        .map(type -> type instanceof Type.Array array ? array.element() : type)
                        .filter(type -> type instanceof Type.Enumerated e
                                && e.schema().equals(schema)
                                && e.typeName().equals(names.getLast()))
                        .findFirst();
    }

    private static List<Integer> modifiers(ParsedType parsed) throws InvalidWhere {
        List<Integer> modifiers = new ArrayList<>();
        for (ParsedExpr modifier : parsed.modifiers()) {
            try {
                modifiers.add(
                        Integer.parseInt(modifier instanceof NumberLiteral number ? number.text() : "not a number"));
            } catch (NumberFormatException e) {
                throw InvalidWhere.at(modifier.position(), "type modifiers must be simple constants or identifiers");
            }
        }
        return modifiers;
    }

    private static int modifier(Type type, List<Integer> modifiers, ParsedType parsed) throws InvalidWhere {
        int first = modifiers.getFirst();
        if (type.equals(Types.VARCHAR) || type.equals(Types.BPCHAR)) {
            check(modifiers.size() == 1, parsed);
            if (first < 1 || first > 10_485_760) {
                throw InvalidWhere.at(
                        parsed.position(), "length for type " + type.name() + " must be from 1 to 10485760");
            }
            return first + HEADER;
        }
        if (type.equals(Types.NUMERIC)) {
            check(modifiers.size() <= 2, parsed);
            int scale = modifiers.size() == 2 ? modifiers.getLast() : 0;
            if (first < 1 || first > 1000 || scale < -1000 || scale > 1000) {
                throw InvalidWhere.at(parsed.position(), "precision or scale of type numeric is more than 1000");
            }
            return ((first << 16) | (scale & 0x7FF)) + HEADER;
        }
        check(
                modifiers.size() == 1
                        && (type.equals(Types.TIME)
                                || type.equals(Types.TIMETZ)
                                || type.equals(Types.TIMESTAMP)
                                || type.equals(Types.TIMESTAMPTZ)),
                parsed);
        return precision(first);
    }

    private static int precision(int digits) {
        return Math.min(digits, 6);
    }

    private static void check(boolean valid, ParsedType parsed) throws InvalidWhere {
        if (!valid) {
            throw InvalidWhere.at(
                    parsed.position(),
                    "invalid type modifier for type " + parsed.names().getLast());
        }
    }

    private static int interval(IntervalFields fields, List<Integer> modifiers, ParsedType parsed) throws InvalidWhere {
        check(modifiers.size() <= 1, parsed);
        if (fields == IntervalFields.ALL && modifiers.isEmpty()) {
            return -1;
        }
        return (mask(fields) << 16) | (modifiers.isEmpty() ? 0xFFFF : precision(modifiers.getFirst()));
    }

    private static int mask(IntervalFields fields) {
        int month = 1 << 1;
        int year = 1 << 2;
        int day = 1 << 3;
        int hour = 1 << 10;
        int minute = 1 << 11;
        int second = 1 << 12;
        return switch (fields) {
            case ALL -> 0x7FFF;
            case YEAR -> year;
            case MONTH -> month;
            case DAY -> day;
            case HOUR -> hour;
            case MINUTE -> minute;
            case SECOND -> second;
            case YEAR_TO_MONTH -> year | month;
            case DAY_TO_HOUR -> day | hour;
            case DAY_TO_MINUTE -> day | hour | minute;
            case DAY_TO_SECOND -> day | hour | minute | second;
            case HOUR_TO_MINUTE -> hour | minute;
            case HOUR_TO_SECOND -> hour | minute | second;
            case MINUTE_TO_SECOND -> minute | second;
        };
    }

    private static String intervalSql(IntervalFields fields, List<Integer> modifiers) {
        String digits = modifiers.isEmpty() ? "" : "(" + modifiers.getFirst() + ")";
        return fields == IntervalFields.ALL
                ? "interval" + digits
                : "interval " + fields.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + digits;
    }
}
