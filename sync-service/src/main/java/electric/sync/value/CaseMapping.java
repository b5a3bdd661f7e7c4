package electric.sync.value;

import java.util.Map;
import java.util.function.IntUnaryOperator;

/** How the letters of a collation change case, each code point by itself. */
public final class CaseMapping {
    /** Only the letters of ASCII have a case. */
    public static final CaseMapping ASCII = new CaseMapping(Map.of(), Map.of());

    private final Map<Integer, Integer> toLower;
    private final Map<Integer, Integer> toUpper;

    /** @param toLower those that differ from ASCII's rules; what is not in it stays as it is */
    public CaseMapping(Map<Integer, Integer> toLower, Map<Integer, Integer> toUpper) {
        this.toLower = Map.copyOf(toLower);
        this.toUpper = Map.copyOf(toUpper);
    }

    public int lower(int codePoint) {
        Integer other = toLower.get(codePoint);
        return other != null ? other : codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint;
    }

    public int upper(int codePoint) {
        Integer other = toUpper.get(codePoint);
        return other != null ? other : codePoint >= 'a' && codePoint <= 'z' ? codePoint - 32 : codePoint;
    }

    public String lower(String text) {
        return map(text, this::lower);
    }

    public String upper(String text) {
        return map(text, this::upper);
    }

    private static String map(String text, IntUnaryOperator change) {
        return text.codePoints()
                .map(change)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
