package electric.sync.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Postgres's advanced regular expressions, as far as they can be followed: no back references, no looking behind, no modes
 * but that of case.
 */
final class RegularExpressionParser {
    private static final int MOST_REPETITIONS = 255;
    private static final int DEEPEST = 50;

    private final int[] pattern;
    private final Letters letters;

    /** By which case is ignored; {@code null} where it is not. */
    private @Nullable CaseMapping casing;

    private int at;
    private int depth;

    RegularExpressionParser(String pattern, Letters letters, boolean ignoringCase) {
        this.pattern = pattern.codePoints().toArray();
        this.letters = letters;
        this.casing = ignoringCase ? letters.casing() : null;
    }

    static InvalidValue invalid(String why) {
        return InvalidValue.of("2201B", "invalid regular expression: " + why);
    }

    private static NotExact beyond(String what) {
        return new NotExact("a regular expression with " + what);
    }

    RegularExpression.Node parse() {
        if (sees("***=")) {
            at += 4;
            return rest();
        }
        if (sees("***:")) {
            at += 4;
        } else if (sees("***")) {
            throw invalid("quantifier operand invalid");
        }
        options();
        RegularExpression.Node node = choice();
        if (at < pattern.length) {
            throw invalid("parentheses () not balanced");
        }
        return node;
    }

    private void options() {
        if (!sees("(?") || at + 2 >= pattern.length || !isLetter(pattern[at + 2])) {
            return;
        }
        for (at += 2; at < pattern.length && isLetter(pattern[at]); at++) {
            switch (pattern[at]) {
                case 'i' -> casing = letters.casing();
                case 'c' -> casing = null;
                case 's', 't' -> {
                    // As without it.
                }
                case 'b', 'e', 'm', 'n', 'p', 'q', 'w', 'x' -> throw beyond("other options than c, i, s and t");
                default -> throw invalid("invalid embedded option");
            }
        }
        if (!sees(")")) {
            throw invalid("invalid embedded option");
        }
        at++;
    }

    private RegularExpression.Node rest() {
        List<RegularExpression.Node> characters = new ArrayList<>();
        while (at < pattern.length) {
            characters.add(character(pattern[at++]));
        }
        return new RegularExpression.Sequence(characters);
    }

    private boolean sees(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= pattern.length || pattern[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(int c) {
        return c < 128 && Blanks.isLetter((char) c);
    }

    private static boolean isDigit(int c) {
        return c < 128 && Blanks.isDigit((char) c);
    }

    private RegularExpression.Node choice() {
        if (++depth > DEEPEST) {
            throw beyond("so many parentheses in each other");
        }
        List<RegularExpression.Node> branches = new ArrayList<>();
        branches.add(branch());
        while (sees("|")) {
            at++;
            branches.add(branch());
        }
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new RegularExpression.Choice(branches);
    }

    private RegularExpression.Node branch() {
        List<RegularExpression.Node> parts = new ArrayList<>();
        while (at < pattern.length && pattern[at] != '|' && pattern[at] != ')') {
            RegularExpression.Node atom = atom();
            // An assertion takes no quantifier: one after it has nothing to repeat.
            boolean takesNothing = atom instanceof RegularExpression.At || atom instanceof RegularExpression.Ahead;
            parts.add(takesNothing ? atom : quantified(atom));
        }
        return new RegularExpression.Sequence(parts);
    }

    private RegularExpression.Node atom() {
        int c = pattern[at++];
        return switch (c) {
            case '(' -> group();
            case '[' -> bracket();
            case '.' -> new RegularExpression.One(CharacterSet.any());
            case '^' -> new RegularExpression.At(RegularExpression.Assertion.BEGINNING);
            case '$' -> new RegularExpression.At(RegularExpression.Assertion.END);
            case '\\' -> escape();
            case '*', '+', '?' -> throw invalid("quantifier operand invalid");
            case '{' -> {
                if (at < pattern.length && isDigit(pattern[at])) {
                    throw invalid("quantifier operand invalid");
                }
                yield character(c);
            }
            default -> character(c);
        };
    }

    private RegularExpression.Node group() {
        if (sees("?:")) {
            at += 2;
        } else if (sees("?=") || sees("?!")) {
            at += 2;
            boolean negated = pattern[at - 1] == '!';
            return new RegularExpression.Ahead(RegularExpression.of(inner(), letters), negated);
        } else if (sees("?<") || sees("?#")) {
            throw beyond("a look behind or a comment");
        } else if (sees("?")) {
            throw invalid("quantifier operand invalid");
        }
        // Its own node even around an assertion, which may then be repeated.
        return new RegularExpression.Sequence(List.of(inner()));
    }

    private RegularExpression.Node inner() {
        RegularExpression.Node inner = choice();
        if (!sees(")")) {
            throw invalid("parentheses () not balanced");
        }
        at++;
        return inner;
    }

    private RegularExpression.Node quantified(RegularExpression.Node atom) {
        if (at == pattern.length) {
            return atom;
        }
        int least;
        int most;
        switch (pattern[at]) {
            case '*' -> {
                least = 0;
                most = -1;
                at++;
            }
            case '+' -> {
                least = 1;
                most = -1;
                at++;
            }
            case '?' -> {
                least = 0;
                most = 1;
                at++;
            }
            case '{' -> {
                if (at + 1 == pattern.length || !isDigit(pattern[at + 1])) {
                    return atom;
                }
                at++;
                least = count();
                most = least;
                if (sees(",")) {
                    at++;
                    most = sees("}") ? -1 : count();
                }
                if (!sees("}")) {
                    throw invalid(at == pattern.length ? "braces {} not balanced" : "invalid repetition count(s)");
                }
                at++;
                if (most >= 0 && most < least) {
                    throw invalid("invalid repetition count(s)");
                }
            }
            default -> {
                return atom;
            }
        }
        // Greedy or not, it matches the same texts.
        if (sees("?")) {
            at++;
        }
        return new RegularExpression.Repeated(atom, least, most);
    }

    private int count() {
        int from = at;
        int value = 0;
        while (at < pattern.length && isDigit(pattern[at]) && value <= MOST_REPETITIONS) {
            value = value * 10 + (pattern[at++] - '0');
        }
        if (at == from || value > MOST_REPETITIONS) {
            throw invalid("invalid repetition count(s)");
        }
        return value;
    }

    private RegularExpression.Node character(int c) {
        CharacterSet.Builder set = new CharacterSet.Builder(letters);
        add(c, set);
        return new RegularExpression.One(set.built(false));
    }

    private void add(int c, CharacterSet.Builder set) {
        if (casing == null) {
            set.add(c);
            return;
        }
        if (casing.lower('I') != 'i' || casing.upper('i') != 'I') {
            throw beyond("the case of a Turkic locale");
        }
        if (c >= 128 && letters.rules() == Letters.Rules.ICU) {
            throw beyond("letters beyond ASCII, whose case ICU knows");
        }
        // Postgres takes the two of them and, for one that is neither, not itself.
        set.add(casing.lower(c));
        set.add(casing.upper(c));
    }

    private void add(int first, int last, CharacterSet.Builder set) {
        if (first > last) {
            throw invalid("invalid character range");
        }
        set.add(first, last);
        if (casing == null) {
            return;
        }
        if (last >= 128 && letters.rules() != Letters.Rules.ASCII) {
            throw beyond("a range beyond ASCII without regard to case");
        }
        for (int c = first; c <= Math.min(last, 127); c++) {
            set.add(casing.lower(c));
            set.add(casing.upper(c));
        }
    }

    private void add(CharacterSet.Named named, CharacterSet.Builder set) {
        boolean ofCase = named.name().equals("upper") || named.name().equals("lower");
        set.add(casing != null && ofCase ? CharacterSet.ALPHA : named);
    }

    private RegularExpression.Node escape() {
        if (at == pattern.length) {
            throw invalid("invalid escape \\ sequence");
        }
        int c = pattern[at];
        return switch (c) {
            case 'd', 's', 'w', 'D', 'S', 'W' -> {
                at++;
                CharacterSet.Builder set = new CharacterSet.Builder(letters);
                add(classOf(Character.toLowerCase(c)), set);
                yield new RegularExpression.One(set.built(Character.isUpperCase(c)));
            }
            case 'A' -> assertion(RegularExpression.Assertion.BEGINNING);
            case 'Z' -> assertion(RegularExpression.Assertion.END);
            case 'm' -> assertion(RegularExpression.Assertion.WORD_BEGINNING);
            case 'M' -> assertion(RegularExpression.Assertion.WORD_END);
            case 'y' -> assertion(RegularExpression.Assertion.WORD_EDGE);
            case 'Y' -> assertion(RegularExpression.Assertion.NO_WORD_EDGE);
            default -> character(escapedCharacter());
        };
    }

    private RegularExpression.Node assertion(RegularExpression.Assertion assertion) {
        at++;
        return new RegularExpression.At(assertion);
    }

    private static CharacterSet.Named classOf(int letter) {
        return switch (letter) {
            case 'd' -> CharacterSet.DIGIT;
            case 's' -> CharacterSet.SPACE;
            default -> CharacterSet.WORD;
        };
    }

    private int escapedCharacter() {
        int c = pattern[at++];
        return switch (c) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'B' -> '\\';
            case 'e' -> 27;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case 'u' -> number(4);
            case 'c', 'U', 'x' -> throw beyond("a character by its number");
            default -> {
                if (isDigit(c)) {
                    throw beyond("a back reference");
                }
                if (isLetter(c)) {
                    throw invalid("invalid escape \\ sequence");
                }
                yield c;
            }
        };
    }

    private int number(int digits) {
        int value = 0;
        for (int end = at + digits; at < end; at++) {
            int digit = at < pattern.length && pattern[at] < 128 ? Character.digit(pattern[at], 16) : -1;
            if (digit < 0) {
                throw invalid("invalid escape \\ sequence");
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private RegularExpression.Node bracket() {
        boolean negated = sees("^");
        if (negated) {
            at++;
        }
        if (sees("[:<:]") || sees("[:>:]")) {
            throw beyond("the edge of a word in brackets");
        }
        CharacterSet.Builder set = new CharacterSet.Builder(letters);
        int from = at;
        boolean isMember = sees("]");
        while (isMember || !sees("]")) {
            if (at == pattern.length) {
                throw invalid("brackets [] not balanced");
            }
            member(set, at == from);
            isMember = false;
        }
        at++;
        return new RegularExpression.One(set.built(negated));
    }

    private void member(CharacterSet.Builder set, boolean first) {
        if (sees("[:")) {
            add(CharacterSet.named(className()), set);
            return;
        }
        if (sees("[.") || sees("[=")) {
            throw beyond("a collating element");
        }
        if (sees("\\") && at + 1 < pattern.length && "dswDSW".indexOf(pattern[at + 1]) >= 0) {
            at++;
            int letter = pattern[at++];
            if (Character.isUpperCase(letter)) {
                throw beyond("the opposite of a class in brackets");
            }
            add(classOf(letter), set);
            return;
        }
        if (sees("-") && !first && !sees("-]")) {
            throw invalid("invalid character range");
        }
        int start = memberCharacter();
        if (!sees("-") || sees("-]")) {
            add(start, set);
            return;
        }
        at++;
        if (at == pattern.length) {
            throw invalid("brackets [] not balanced");
        }
        if (sees("[:") || sees("[.") || sees("[=")) {
            throw beyond("a range to a class");
        }
        add(start, memberCharacter(), set);
    }

    private int memberCharacter() {
        int c = pattern[at++];
        if (c != '\\') {
            return c;
        }
        if (at == pattern.length) {
            throw invalid("invalid escape \\ sequence");
        }
        return escapedCharacter();
    }

    private String className() {
        at += 2;
        StringBuilder name = new StringBuilder();
        while (!sees(":]")) {
            if (at == pattern.length) {
                throw invalid("brackets [] not balanced");
            }
            name.appendCodePoint(pattern[at++]);
        }
        at += 2;
        return name.toString();
    }
}
