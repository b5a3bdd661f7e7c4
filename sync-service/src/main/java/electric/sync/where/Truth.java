package electric.sync.where;

/** What a condition is: a row belongs to a filter if it is {@code TRUE}. */
public enum Truth {
    FALSE,
    TRUE,
    UNKNOWN;

    public static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }
}
