package electric.sync.where;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a filter: words with pieces between them.
 *
 * @param type what it was made for; without parentheses around it, it may be read as something else
 * @param words one more than there are parts
 * @param parameter the value of the parameter that stands here, when one does
 */
record Phrase(
        String type,
        List<String> words,
        List<Phrase> parts,
        Parentheses parentheses,
        @Nullable String parameter) {
    enum Parentheses {
        /** It needs none. */
        NEEDLESS,
        AROUND,
        LEFT_OUT
    }

    Phrase {
        words = List.copyOf(words);
        parts = List.copyOf(parts);
    }

    /** @param words with {@code {}} for each part */
    static Phrase of(String type, String words, List<Phrase> parts, Parentheses parentheses) {
        return new Phrase(type, List.of(words.split("\\{}", -1)), parts, parentheses, null);
    }

    static Phrase word(String type, String word) {
        return new Phrase(type, List.of(word), List.of(), Parentheses.NEEDLESS, null);
    }

    static Phrase parameter(String type, String value) {
        return new Phrase(type, List.of(""), List.of(), Parentheses.NEEDLESS, value);
    }

    static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    Phrase with(int part, Phrase other) {
        List<Phrase> changed = new ArrayList<>(parts);
        changed.set(part, other);
        return new Phrase(type, words, changed, parentheses, parameter);
    }

    /** Itself, and everything in it. */
    Stream<Phrase> all() {
        return Stream.concat(Stream.of(this), parts.stream().flatMap(Phrase::all));
    }

    int size() {
        return (int) all().count();
    }

    /** With a literal in the place of every parameter, as Postgres is asked it. */
    String withLiterals() {
        StringBuilder text = new StringBuilder();
        write(text, null, true);
        return text.toString();
    }

    /** @param parameters gets the values of the parameters */
    String withParameters(List<String> parameters) {
        StringBuilder text = new StringBuilder();
        write(text, parameters, true);
        return text.toString();
    }

    private void write(StringBuilder text, @Nullable List<String> parameters, boolean outermost) {
        if (parameter != null) {
            if (parameters == null) {
                text.append(quoted(parameter));
            } else {
                parameters.add(parameter);
                text.append('$').append(parameters.size());
            }
            return;
        }
        boolean around = parentheses == Parentheses.AROUND && !outermost;
        text.append(around ? "(" : "").append(words.getFirst());
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).write(text, parameters, false);
            text.append(words.get(i + 1));
        }
        text.append(around ? ")" : "");
    }

    @Override
    public String toString() {
        return withLiterals();
    }
}
