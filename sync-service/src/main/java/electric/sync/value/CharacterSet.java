package electric.sync.value;

import java.util.Arrays;
import java.util.BitSet;

/** Characters that a regular expression takes at one place. */
final class CharacterSet {
    static final Named ALPHA = new Named("alpha", "AZaz", true);
    static final Named DIGIT = new Named("digit", "09", true);
    static final Named SPACE = new Named("space", "\t\r  ", true);
    static final Named WORD = new Named("word", "09AZ__az", true);

    private static final Named[] CLASSES = {
        ALPHA,
        DIGIT,
        SPACE,
        WORD,
        new Named("alnum", "09AZaz", true),
        new Named("upper", "AZ", true),
        new Named("lower", "az", true),
        new Named("punct", "!/:@[`{~", true),
        new Named("graph", "!~", true),
        new Named("print", " ~", true),
        new Named("ascii", "\0\u007f", false),
        new Named("blank", "\t\t  ", false),
        new Named("cntrl", "\0\u001f\u007f\u009f", false),
        new Named("xdigit", "09AFaf", false)
    };

    /**
     * A named class.
     *
     * @param ranges first and last character of each
     * @param ofLocale whether characters beyond ASCII belong to it or not as the locale says
     */
    record Named(String name, String ranges, boolean ofLocale) {
        CharacterSet in(RegularExpression.Locale locale) {
            Builder set = new Builder(locale);
            set.add(this);
            return set.built(false);
        }
    }

    static Named named(String name) {
        return Arrays.stream(CLASSES)
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RegularExpressionParser.invalid("invalid character class"));
    }

    private static final int ASCII = 128;

    private final BitSet members;

    /** Beyond ASCII, what is not a member may be one. */
    private final boolean ofLocale;

    private final boolean negated;

    private CharacterSet(BitSet members, boolean ofLocale, boolean negated) {
        this.members = members;
        this.ofLocale = ofLocale;
        this.negated = negated;
    }

    static CharacterSet any() {
        return new CharacterSet(new BitSet(), false, true);
    }

    boolean dependsOnLocale() {
        return ofLocale;
    }

    /** @param inFavour what to answer where the locale decides */
    boolean contains(int character, boolean inFavour) {
        if (members.get(character)) {
            return !negated;
        }
        return (ofLocale && character >= ASCII) ? inFavour : negated;
    }

    /** Gathers the members of a set. */
    static final class Builder {
        private final RegularExpression.Locale locale;
        private final BitSet members = new BitSet();
        private boolean ofLocale;

        Builder(RegularExpression.Locale locale) {
            this.locale = locale;
        }

        void add(int character) {
            members.set(character);
        }

        void add(int first, int last) {
            members.set(first, last + 1);
        }

        void add(Named named) {
            if (locale == RegularExpression.Locale.ICU && isOfIcuAlone(named)) {
                throw new NotExact("a class of characters that ICU sees in another way");
            }
            for (int i = 0; i < named.ranges().length(); i += 2) {
                members.set(named.ranges().charAt(i), named.ranges().charAt(i + 1) + 1);
            }
            ofLocale |= named.ofLocale() && locale != RegularExpression.Locale.ASCII;
        }

        private static boolean isOfIcuAlone(Named named) {
            return switch (named.name()) {
                case "space", "punct", "graph", "print" -> true;
                default -> false;
            };
        }

        CharacterSet built(boolean negated) {
            return new CharacterSet(members, ofLocale, negated);
        }
    }
}
