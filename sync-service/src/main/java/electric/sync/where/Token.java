package electric.sync.where;

/**
 * One lexeme.
 *
 * @param value what it means: names folded, strings unescaped, numbers without underscores
 * @param start where it begins, in code points
 * @param end behind its last code point
 */
record Token(Kind kind, String value, int start, int end) {
    enum Kind {
        IDENTIFIER,
        KEYWORD,
        /** Fits int4. */
        INTEGER,
        NUMBER,
        STRING,
        /** {@code U&'…'}, escapes and all. */
        UNICODE_STRING,
        /** {@code U&"…"}, escapes and all. */
        UNICODE_IDENTIFIER,
        BIT_STRING,
        PARAMETER,
        /** An operator that has no token of its own. */
        OPERATOR,
        /** Punctuation, and the operators that the grammar knows by name. */
        SYMBOL,
        END
    }

    boolean is(String keywordOrSymbol) {
        return (kind == Kind.KEYWORD || kind == Kind.SYMBOL) && value.equals(keywordOrSymbol);
    }

    /** May name a column or a table. */
    boolean isColumnName() {
        return kind == Kind.IDENTIFIER
                || isKeyword(Keywords.Category.UNRESERVED)
                || isKeyword(Keywords.Category.COLUMN_NAME);
    }

    /** May name a type or a function. */
    boolean isTypeOrFunctionName() {
        return kind == Kind.IDENTIFIER
                || isKeyword(Keywords.Category.UNRESERVED)
                || isKeyword(Keywords.Category.TYPE_OR_FUNCTION_NAME);
    }

    /** May stand behind a dot or {@code AS}. */
    boolean isLabel() {
        return kind == Kind.IDENTIFIER || (kind == Kind.KEYWORD && Keywords.category(value) != null);
    }

    private boolean isKeyword(Keywords.Category category) {
        return kind == Kind.KEYWORD && Keywords.category(value) == category;
    }
}
