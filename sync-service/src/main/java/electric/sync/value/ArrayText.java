package electric.sync.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text form of arrays: {@code {1,2}}, {@code [0:1]={1,2}}, {@code {{a,"b c"},{NULL,"NULL"}}}. */
final class ArrayText<V> {
    private static final int MOST_ELEMENTS = (1 << 27) - 1;

    private final String literal;
    private final Function<String, V> input;
    private final List<@Nullable V> elements = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private int at;

    /** At which depth the elements are, once the first is met. */
    private int elementDepth;

    private ArrayText(String literal, Function<String, V> input) {
        this.literal = literal;
        this.input = input;
    }

    static <V> ArrayValue<V> read(String literal, Function<String, V> input) {
        return new ArrayText<>(literal, input).read();
    }

    private ArrayValue<V> read() {
        List<int[]> bounds = bounds();
        skipBlanks();
        if (at == literal.length() || literal.charAt(at) != '{') {
            throw malformed();
        }
        dimension(1);
        skipBlanks();
        if (at < literal.length()) {
            throw malformed();
        }
        if (elements.isEmpty()) {
            if (!bounds.isEmpty()) {
                throw malformed();
            }
            return ArrayValue.empty();
        }
        List<Integer> sizes = lengths.subList(0, elementDepth);
        if (bounds.isEmpty()) {
            return new ArrayValue<>(elements, sizes, Collections.nCopies(elementDepth, 1));
        }
        List<Integer> lower = new ArrayList<>();
        List<Integer> declared = new ArrayList<>();
        for (int[] bound : bounds) {
            lower.add(bound[0]);
            declared.add(bound[1] - bound[0] + 1);
        }
        if (!declared.equals(sizes)) {
            throw malformed();
        }
        return new ArrayValue<>(elements, sizes, lower);
    }

    private InvalidValue malformed() {
        return InvalidValue.of("22P02", "malformed array literal: \"" + literal + "\"");
    }

    /** {@code [2:3][5]=}, or nothing. */
    private List<int[]> bounds() {
        List<int[]> bounds = new ArrayList<>();
        skipBlanks();
        while (at < literal.length() && literal.charAt(at) == '[') {
            at++;
            int first = bound();
            int last = first;
            boolean two = at < literal.length() && literal.charAt(at) == ':';
            if (two) {
                at++;
                last = bound();
            } else {
                first = 1;
            }
            if (at == literal.length() || literal.charAt(at) != ']') {
                throw malformed();
            }
            at++;
            if (last < first) {
                throw InvalidValue.of("2202E", "upper bound cannot be less than lower bound");
            }
            if ((long) last - first >= MOST_ELEMENTS || last == Integer.MAX_VALUE) {
                throw new NotExact("an array whose bounds are near the limit");
            }
            if (bounds.size() == ArrayValue.MOST_DIMENSIONS) {
                throw tooManyDimensions();
            }
            bounds.add(new int[] {first, last});
            skipBlanks();
        }
        if (!bounds.isEmpty()) {
            if (at == literal.length() || literal.charAt(at) != '=') {
                throw malformed();
            }
            at++;
        }
        return bounds;
    }

    private int bound() {
        int from = at;
        if (at < literal.length() && (literal.charAt(at) == '-' || literal.charAt(at) == '+')) {
            at++;
        }
        while (at < literal.length() && Blanks.isDigit(literal.charAt(at))) {
            at++;
        }
        try {
            return Integer.parseInt(literal.substring(from, at));
        } catch (NumberFormatException notABound) {
            throw malformed();
        }
    }

    private static InvalidValue tooManyDimensions() {
        return InvalidValue.of(
                "54000", "number of array dimensions exceeds the maximum allowed (" + ArrayValue.MOST_DIMENSIONS + ")");
    }

    /** From its opening to its closing brace; every one at the same depth has the same length. */
    private void dimension(int depth) {
        if (depth > ArrayValue.MOST_DIMENSIONS) {
            throw tooManyDimensions();
        }
        at++;
        int count = 0;
        skipBlanks();
        if (at < literal.length() && literal.charAt(at) == '}') {
            at++;
            close(depth, 0);
            return;
        }
        while (true) {
            skipBlanks();
            if (at == literal.length()) {
                throw malformed();
            }
            if (literal.charAt(at) == '{') {
                if (elementDepth > 0 && depth >= elementDepth) {
                    throw malformed();
                }
                dimension(depth + 1);
            } else {
                if (lengths.size() > depth || (elementDepth > 0 && depth != elementDepth)) {
                    throw malformed();
                }
                elementDepth = depth;
                element();
            }
            count++;
            skipBlanks();
            if (at == literal.length()) {
                throw malformed();
            }
            char c = literal.charAt(at++);
            if (c == '}') {
                break;
            }
            if (c != ',') {
                throw malformed();
            }
        }
        close(depth, count);
    }

    private void close(int depth, int count) {
        while (lengths.size() < depth) {
            lengths.add(-1);
        }
        int known = lengths.get(depth - 1);
        if (known >= 0 && known != count) {
            throw malformed();
        }
        lengths.set(depth - 1, count);
    }

    private void element() {
        if (literal.charAt(at) == '"') {
            elements.add(input.apply(quoted()));
            return;
        }
        StringBuilder text = new StringBuilder();
        // Blanks at the end do not count, unless a backslash is before them.
        int meant = 0;
        boolean escaped = false;
        while (at < literal.length() && ",{}\"".indexOf(literal.charAt(at)) < 0) {
            char c = literal.charAt(at);
            if (c == '\\') {
                at++;
                if (at == literal.length()) {
                    throw malformed();
                }
                escaped = true;
                text.append(literal.charAt(at));
                meant = text.length();
            } else {
                text.append(c);
                meant = Blanks.isBlank(c) ? meant : text.length();
            }
            at++;
        }
        text.setLength(meant);
        if (text.isEmpty() || at == literal.length() || literal.charAt(at) == '{' || literal.charAt(at) == '"') {
            throw malformed();
        }
        boolean isNull = !escaped && Blanks.lower(text.toString()).equals("null");
        elements.add(isNull ? null : input.apply(text.toString()));
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < literal.length() && literal.charAt(at) != '"') {
            if (literal.charAt(at) == '\\') {
                at++;
                if (at == literal.length()) {
                    throw malformed();
                }
            }
            text.append(literal.charAt(at));
            at++;
        }
        if (at == literal.length()) {
            throw malformed();
        }
        at++;
        return text.toString();
    }

    private void skipBlanks() {
        at = Blanks.skip(literal, at);
    }

    static <V> String print(ArrayValue<V> array, Function<V, String> output) {
        if (array.isEmpty()) {
            return "{}";
        }
        StringBuilder text = new StringBuilder();
        if (array.lowerBounds().stream().anyMatch(bound -> bound != 1)) {
            for (int d = 0; d < array.dimensions(); d++) {
                int lower = array.lowerBounds().get(d);
                text.append('[')
                        .append(lower)
                        .append(':')
                        .append(lower + array.lengths().get(d) - 1)
                        .append(']');
            }
            text.append('=');
        }
        append(text, array, output, 0, 0);
        return text.toString();
    }

    private static <V> void append(
            StringBuilder text, ArrayValue<V> array, Function<V, String> output, int depth, int index) {
        if (depth == array.dimensions()) {
            V element = array.elements().get(index);
            if (element == null) {
                text.append("NULL");
            } else {
                appendElement(text, output.apply(element));
            }
            return;
        }
        int length = array.lengths().get(depth);
        text.append('{');
        for (int i = 0; i < length; i++) {
            if (i > 0) {
                text.append(',');
            }
            append(text, array, output, depth + 1, index * length + i);
        }
        text.append('}');
    }

    private static void appendElement(StringBuilder text, String element) {
        if (!needsQuotes(element)) {
            text.append(element);
            return;
        }
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    private static boolean needsQuotes(String element) {
        if (element.isEmpty() || Blanks.lower(element).equals("null")) {
            return true;
        }
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (Blanks.isBlank(c) || "\"\\{},".indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }
}
