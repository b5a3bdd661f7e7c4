package electric.sync.value;

import org.jspecify.annotations.Nullable;

/** A step of a path that leads into an array. */
final class JsonIndex {
    private JsonIndex() {}

    /** The number that C's {@code strtol} makes of all of it. */
    static @Nullable Integer of(String step) {
        int from = Blanks.skip(step, 0);
        int digits = from < step.length() && (step.charAt(from) == '-' || step.charAt(from) == '+') ? from + 1 : from;
        for (int i = digits; i < step.length(); i++) {
            if (!Blanks.isDigit(step.charAt(i))) {
                return null;
            }
        }
        try {
            return Integer.valueOf(step.substring(from));
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
