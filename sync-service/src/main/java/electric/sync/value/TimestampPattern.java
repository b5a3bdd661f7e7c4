package electric.sync.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code to_char} of a timestamp, as far as it is the same in every language: {@code YYYY-MM-DD HH24:MI:SS} and parts of it. */
public final class TimestampPattern {
    private static final List<String> FIELDS = List.of("YYYY", "MM", "DD", "HH24", "MI", "SS");

    /** Fields by their names, and between them what is shown as it is. */
    private final List<String> pieces = new ArrayList<>();

    /** Refuses what else Postgres understands. */
    public TimestampPattern(String pattern) {
        int at = 0;
        while (at < pattern.length()) {
            String field = fieldAt(pattern, at);
            char c = pattern.charAt(at);
            if (field == null
                    && (c < ' ' || c >= 127 || Blanks.isLetter(c) || Blanks.isDigit(c) || c == '"' || c == '\\')) {
                throw new NotExact("a pattern of more than YYYY, MM, DD, HH24, MI, SS and what separates them");
            }
            pieces.add(field == null ? String.valueOf(c) : field);
            at += field == null ? 1 : field.length();
        }
    }

    private static @Nullable String fieldAt(String pattern, int at) {
        for (String field : FIELDS) {
            int end = at + field.length();
            boolean here = pattern.startsWith(field, at) || pattern.startsWith(Blanks.lower(field), at);
            // A longer run of the letter is another field.
            if (here && (end == pattern.length() || pattern.charAt(end) != pattern.charAt(end - 1))) {
                return field;
            }
        }
        return null;
    }

    /** None of an infinity. */
    public @Nullable String print(long timestamp) {
        if (!Timestamp.isFinite(timestamp) || pieces.isEmpty()) {
            return null;
        }
        long days = Math.floorDiv(timestamp, Calendar.MICROS_PER_DAY);
        long seconds = Math.floorMod(timestamp, Calendar.MICROS_PER_DAY) / Calendar.MICROS_PER_SECOND;
        StringBuilder text = new StringBuilder();
        for (String piece : pieces) {
            switch (piece) {
                case "YYYY" -> text.append(year(days));
                case "MM" -> IsoText.appendTwo(text, Calendar.month(days));
                case "DD" -> IsoText.appendTwo(text, Calendar.day(days));
                case "HH24" -> IsoText.appendTwo(text, (int) (seconds / 3600));
                case "MI" -> IsoText.appendTwo(text, (int) (seconds / 60 % 60));
                case "SS" -> IsoText.appendTwo(text, (int) (seconds % 60));
                default -> text.append(piece);
            }
        }
        return text.toString();
    }

    private static String year(long days) {
        int year = Calendar.year(days);
        if (year < 1 || year > 9999) {
            throw new NotExact("a year of other than four digits in a pattern");
        }
        String digits = String.valueOf(year);
        return "0".repeat(4 - digits.length()) + digits;
    }
}
