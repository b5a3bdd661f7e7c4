package electric.sync.where;

import static electric.sync.where.Truth.UNKNOWN;

import electric.sync.value.CaseMapping;
import electric.sync.value.LikePattern;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import org.jspecify.annotations.Nullable;

/** LIKE and ILIKE: a column is searched where it lies, and put in lower case once per row. */
final class Patterns {
    private Patterns() {}

    /** Whether the text of a row is the value: a bpchar keeps its blanks for LIKE. */
    static boolean isText(Type type) {
        return type instanceof Type.Known && (type.values() == PgType.TEXT || type.values() == PgType.BPCHAR);
    }

    static Truth matches(LikePattern pattern, Object text, @Nullable CaseMapping casing) {
        byte[] bytes = Text.utf8(casing == null ? (String) text : casing.lower((String) text));
        return Truth.of(pattern.matches(bytes, 0, bytes.length));
    }

    static Predicate like(Term operand, LikePattern pattern, @Nullable CaseMapping casing) {
        return row -> {
            Object text = operand.value(row);
            return text == null ? UNKNOWN : matches(pattern, text, casing);
        };
    }

    static Predicate like(int column, LikePattern pattern, @Nullable CaseMapping casing) {
        if (casing == null) {
            return row -> row.isNull(column)
                    ? UNKNOWN
                    : Truth.of(pattern.matches(row.bytes(column), row.start(column), row.length(column)));
        }
        return row -> {
            if (row.isNull(column)) {
                return UNKNOWN;
            }
            FoldedText text = row.folded(column, casing);
            return Truth.of(pattern.matches(text.bytes(), 0, text.length()));
        };
    }
}
