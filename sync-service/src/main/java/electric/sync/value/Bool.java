package electric.sync.value;

/** bool: false before true. */
public final class Bool {
    private Bool() {}

    /** Of Postgres's output, {@code t} or {@code f}. */
    public static boolean parse(byte[] bytes, int from, int length) {
        if (length != 1 || (bytes[from] != 't' && bytes[from] != 'f')) {
            throw Output.unreadable("boolean");
        }
        return bytes[from] == 't';
    }

    public static boolean input(String literal) {
        return switch (Blanks.lower(Blanks.trim(literal))) {
            case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> true;
            case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> false;
            default -> throw InvalidValue.syntax("boolean", literal);
        };
    }

    /** As {@code ::text} writes it. */
    public static String print(boolean value) {
        return value ? "true" : "false";
    }

    /** As the output function writes it, alone or inside an array. */
    public static String output(boolean value) {
        return value ? "t" : "f";
    }
}
