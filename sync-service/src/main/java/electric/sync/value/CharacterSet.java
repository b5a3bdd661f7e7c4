package electric.sync.value;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

/** Characters that a regular expression takes at one place. */
final class CharacterSet {
    static final Named ALPHA = new Named("alpha", "AZaz", Beyond.LETTERS);
    static final Named DIGIT = new Named("digit", "09", Beyond.DIGITS);
    static final Named SPACE = new Named("space", "\t\r  ", Beyond.NO_LETTERS);
    static final Named WORD = new Named("word", "09AZ__az", Beyond.LETTERS);
    static final int ASCII = 128;

    private static final Named[] CLASSES = {
        ALPHA,
        DIGIT,
        SPACE,
        WORD,
        new Named("alnum", "09AZaz", Beyond.LETTERS),
        new Named("upper", "AZ", Beyond.SOME_LETTERS),
        new Named("lower", "az", Beyond.SOME_LETTERS),
        new Named("punct", "!/:@[`{~", Beyond.NO_LETTERS),
        new Named("graph", "!~", Beyond.LETTERS),
        new Named("print", " ~", Beyond.LETTERS),
        new Named("ascii", "\0\u007f", Beyond.NOTHING),
        new Named("blank", "\t\t  ", Beyond.NOTHING),
        new Named("cntrl", "\0\u001f\u007f\u009f", Beyond.NOTHING),
        new Named("xdigit", "09AFaf", Beyond.NOTHING)
    };

    /** What of the characters beyond ASCII belongs to a class. */
    private enum Beyond {
        /** Everywhere the same. */
        NOTHING,
        /** In C libraries nothing. */
        DIGITS,
        /** What has a case, and what the locale says. */
        LETTERS,
        /** What the locale says, but nothing that has a case. */
        NO_LETTERS,
        /** What the locale says. */
        SOME_LETTERS
    }

    /**
     * A named class.
     *
     * @param ranges first and last character of each
     */
    record Named(String name, String ranges, Beyond beyond) {
        CharacterSet in(Letters letters) {
            Builder set = new Builder(letters);
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

    private final Letters letters;
    private final BitSet members;

    /** What the locale has a say in; nothing where all is certain. */
    private final Set<Beyond> beyond;

    private final boolean negated;

    private CharacterSet(Letters letters, BitSet members, Set<Beyond> beyond, boolean negated) {
        this.letters = letters;
        this.members = members;
        this.beyond = beyond;
        this.negated = negated;
    }

    static CharacterSet any() {
        return new CharacterSet(Letters.ASCII, new BitSet(), Set.of(), true);
    }

    boolean dependsOnLocale() {
        return !beyond.isEmpty();
    }

    /** @param inFavour what to answer where the locale decides */
    boolean contains(int character, boolean inFavour) {
        if (members.get(character)) {
            return !negated;
        }
        if (character < ASCII || beyond.isEmpty()) {
            return negated;
        }
        if (letters.isCased(character)) {
            if (beyond.contains(Beyond.LETTERS)) {
                return !negated;
            }
            return beyond.contains(Beyond.SOME_LETTERS) ? inFavour : negated;
        }
        return inFavour;
    }

    /** Gathers the members of a set. */
    static final class Builder {
        private final Letters letters;
        private final BitSet members = new BitSet();
        private final Set<Beyond> beyond = EnumSet.noneOf(Beyond.class);

        Builder(Letters letters) {
            this.letters = letters;
        }

        void add(int character) {
            members.set(character);
        }

        void add(int first, int last) {
            members.set(first, last + 1);
        }

        void add(Named named) {
            for (int i = 0; i < named.ranges().length(); i += 2) {
                members.set(named.ranges().charAt(i), named.ranges().charAt(i + 1) + 1);
            }
            boolean certain = named.beyond() == Beyond.NOTHING
                    || switch (letters.rules()) {
                        case ASCII -> true;
                        case LIBC -> named.beyond() == Beyond.DIGITS;
                        case ICU -> {
                            refuseOfIcuAlone(named);
                            yield false;
                        }
                    };
            if (!certain) {
                beyond.add(named.beyond());
            }
        }

        private static void refuseOfIcuAlone(Named named) {
            switch (named.name()) {
                case "space", "punct", "graph", "print" ->
                    throw new NotExact("a class of characters that ICU sees in another way");
                default -> {}
            }
        }

        CharacterSet built(boolean negated) {
            return new CharacterSet(letters, members, beyond, negated);
        }
    }
}
