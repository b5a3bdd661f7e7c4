package electric.sync.where;

import java.util.List;
import java.util.Optional;

/**
 * A type as written.
 *
 * @param names with the schema, if one was written; those that the grammar knows by a word of SQL carry
 *     {@code pg_catalog}
 * @param modifiers what stands in parentheses, or is meant where nothing does ({@code char} is {@code char(1)})
 * @param fields of an interval
 * @param dimensions how many pairs of brackets; Postgres does not look at the sizes in them
 * @param position of its first word
 */
public record ParsedType(
        List<String> names,
        List<ParsedExpr> modifiers,
        Optional<IntervalFields> fields,
        int dimensions,
        boolean setOf,
        int position) {
    public ParsedType {
        names = List.copyOf(names);
        modifiers = List.copyOf(modifiers);
    }

    /** The fields an interval is cut down to. */
    public enum IntervalFields {
        YEAR,
        MONTH,
        DAY,
        HOUR,
        MINUTE,
        SECOND,
        YEAR_TO_MONTH,
        DAY_TO_HOUR,
        DAY_TO_MINUTE,
        DAY_TO_SECOND,
        HOUR_TO_MINUTE,
        HOUR_TO_SECOND,
        MINUTE_TO_SECOND
    }

    ParsedType withDimensions(int count) {
        return new ParsedType(names, modifiers, fields, count, setOf, position);
    }

    ParsedType asSet() {
        return new ParsedType(names, modifiers, fields, dimensions, true, position);
    }
}
