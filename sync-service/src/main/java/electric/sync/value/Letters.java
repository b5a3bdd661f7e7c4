package electric.sync.value;

/**
 * What a collation says of single characters: which are letters, and how their case changes.
 *
 * @param casing under {@link Rules#ICU} of ASCII's letters only
 */
public record Letters(Rules rules, CaseMapping casing) {
    /** Of {@code C} and {@code POSIX}. */
    public static final Letters ASCII = new Letters(Rules.ASCII, CaseMapping.ASCII);

    public static final Letters ICU = new Letters(Rules.ICU, CaseMapping.ASCII);

    /** Whose rules they are. */
    public enum Rules {
        /** Nothing beyond ASCII is a letter. */
        ASCII,
        /** A C library's: what has a case is a letter, no digit and no blank. */
        LIBC,
        /** Of ASCII's letters and digits as everybody's, of its blanks and punctuation not. */
        ICU
    }

    public static Letters libc(CaseMapping casing) {
        return new Letters(Rules.LIBC, casing);
    }

    boolean isCased(int character) {
        return casing.lower(character) != character || casing.upper(character) != character;
    }

    /** Upper case after anything but a letter or a digit, lower case elsewhere. */
    public String capitalized(String text) {
        if (rules == Rules.ICU) {
            throw new NotExact("words as ICU sees them");
        }
        StringBuilder result = new StringBuilder(text.length());
        boolean within = false;
        boolean unknown = false;
        for (int c : text.codePoints().toArray()) {
            boolean letter = isCased(c);
            if (letter && unknown) {
                throw new NotExact("whether a character beyond ASCII is a letter depends on the server's locale");
            }
            result.appendCodePoint(within ? casing.lower(c) : casing.upper(c));
            within = letter || (c < CharacterSet.ASCII && Blanks.isDigit((char) c));
            unknown = !letter && c >= CharacterSet.ASCII && rules != Rules.ASCII;
        }
        return result.toString();
    }
}
