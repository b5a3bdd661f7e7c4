package electric.sync.value;

/**
 * Postgres's output of a composite value: {@code (a,"b,c",)}. Between its commas a field that is NULL is nothing at all, and
 * an empty text is quoted.
 */
public final class CompositeText {
    private CompositeText() {}

    public static boolean everyFieldIsNull(byte[] bytes, int from, int length) {
        for (int i = from + 1; i < from + length - 1; i++) {
            if (bytes[i] != ',') {
                return false;
            }
        }
        return true;
    }

    public static boolean noFieldIsNull(byte[] bytes, int from, int length) {
        int last = from + length - 1;
        if (last == from + 1) {
            throw new NotExact("a composite value without fields is written as one whose only field is NULL");
        }
        boolean quoted = false;
        int fieldBegins = from + 1;
        for (int i = from + 1; i <= last; i++) {
            // A quote within quotes is doubled: closed and opened again.
            if (bytes[i] == '"') {
                quoted = !quoted;
            } else if (!quoted && (bytes[i] == ',' || i == last)) {
                if (i == fieldBegins) {
                    return false;
                }
                fieldBegins = i + 1;
            }
        }
        return true;
    }
}
