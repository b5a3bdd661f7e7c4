package electric.sync.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A regular expression of Postgres, asked only whether it matches somewhere in a text; for that, greed does not matter. All
 * its states are followed at once, so a text costs at most its length times theirs, and both are bounded.
 *
 * <p>Which letters beyond ASCII belong to classes as {@code \w} is left to the locale. Where the answer depends on it,
 * there is none.
 */
public final class RegularExpression {
    private static final int MOST_INSTRUCTIONS = 1000;
    private static final int MOST_STEPS = 50_000_000;

    enum Assertion {
        BEGINNING,
        END,
        WORD_BEGINNING,
        WORD_END,
        WORD_EDGE,
        NO_WORD_EDGE
    }

    sealed interface Node {}

    record One(CharacterSet set) implements Node {}

    record Sequence(List<Node> parts) implements Node {}

    record Choice(List<Node> branches) implements Node {}

    /** @param most -1 for any number */
    record Repeated(Node what, int least, int most) implements Node {}

    record At(Assertion assertion) implements Node {}

    /** What must follow, or with {@code negated} must not. */
    record Ahead(RegularExpression what, boolean negated) implements Node {}

    private sealed interface Instruction {}

    private record Take(CharacterSet set) implements Instruction {}

    private record Fork(int first, int second) implements Instruction {}

    private record Check(Assertion assertion) implements Instruction {}

    private record Look(Ahead ahead) implements Instruction {}

    private record Done() implements Instruction {}

    private final Instruction[] program;
    private final CharacterSet word;
    private final boolean dependsOnLocale;

    private RegularExpression(Instruction[] program, CharacterSet word, boolean dependsOnLocale) {
        this.program = program;
        this.word = word;
        this.dependsOnLocale = dependsOnLocale;
    }

    public static RegularExpression compile(String pattern, Letters letters, boolean ignoringCase) {
        return of(new RegularExpressionParser(pattern, letters, ignoringCase).parse(), letters);
    }

    static RegularExpression of(Node node, Letters letters) {
        List<Instruction> program = new ArrayList<>();
        emit(node, program);
        program.add(new Done());
        CharacterSet word = CharacterSet.WORD.in(letters);
        boolean depends = program.stream().anyMatch(instruction -> switch (instruction) {
            case Take take -> take.set().dependsOnLocale();
            case Check check -> check.assertion().compareTo(Assertion.END) > 0 && word.dependsOnLocale();
            case Look look -> look.ahead().what().dependsOnLocale;
            case Fork fork -> false;
            case Done done -> false;
        });
        return new RegularExpression(program.toArray(Instruction[]::new), word, depends);
    }

    private static void emit(Node node, List<Instruction> program) {
        if (program.size() > MOST_INSTRUCTIONS) {
            throw new NotExact("a regular expression of so many parts");
        }
        switch (node) {
            case One one -> program.add(new Take(one.set()));
            case At at -> program.add(new Check(at.assertion()));
            case Ahead ahead -> program.add(new Look(ahead));
            case Sequence sequence -> sequence.parts().forEach(part -> emit(part, program));
            case Choice choice -> emitChoice(choice.branches(), program);
            case Repeated repeated -> emitRepeated(repeated, program);
        }
    }

    private static void emitChoice(List<Node> branches, List<Instruction> program) {
        List<Integer> jumps = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            boolean last = i == branches.size() - 1;
            int fork = program.size();
            if (!last) {
                program.add(new Done());
            }
            emit(branches.get(i), program);
            if (!last) {
                jumps.add(program.size());
                program.add(new Done());
                program.set(fork, new Fork(fork + 1, program.size()));
            }
        }
        jumps.forEach(jump -> program.set(jump, new Fork(program.size(), program.size())));
    }

    private static void emitRepeated(Repeated repeated, List<Instruction> program) {
        for (int i = 0; i < repeated.least(); i++) {
            emit(repeated.what(), program);
        }
        if (repeated.most() < 0) {
            int fork = program.size();
            program.add(new Done());
            emit(repeated.what(), program);
            program.add(new Fork(fork, fork));
            program.set(fork, new Fork(fork + 1, program.size()));
            return;
        }
        List<Integer> forks = new ArrayList<>();
        for (int i = repeated.least(); i < repeated.most(); i++) {
            forks.add(program.size());
            program.add(new Done());
            emit(repeated.what(), program);
        }
        forks.forEach(fork -> program.set(fork, new Fork(fork + 1, program.size())));
    }

    public boolean matches(String text) {
        if (new Run(text, false).matches(0, false)) {
            return true;
        }
        // What the locale might say could only add matches.
        if (dependsOnLocale && new Run(text, true).matches(0, false)) {
            throw new NotExact("whether a character beyond ASCII is a letter depends on the server's locale");
        }
        return false;
    }

    /** One walk through a text; where a locale decides, either never or always in favour. */
    private final class Run {
        private final String text;
        private final boolean inFavour;

        /** When a state was last reached, so that none is followed twice from one place. */
        private final int[] reached = new int[program.length];

        private final int[] pending = new int[program.length];
        private final int[] now = new int[program.length];
        private final int[] next = new int[program.length];
        private int nextCount;
        private int at;
        private long steps;

        Run(String text, boolean inFavour) {
            this.text = text;
            this.inFavour = inFavour;
        }

        /** @param here whether it must begin there, and not somewhere after */
        boolean matches(int from, boolean here) {
            spend(program.length);
            Arrays.fill(reached, -1);
            at = from;
            int before = from > 0 ? text.codePointBefore(from) : -1;
            int count = 0;
            for (int place = 0; ; place++) {
                int after = at < text.length() ? text.codePointAt(at) : -1;
                nextCount = 0;
                for (int i = 0; i < count; i++) {
                    if (reach(now[i], place, before, after)) {
                        return true;
                    }
                }
                if ((place == 0 || !here) && reach(0, place, before, after)) {
                    return true;
                }
                if (after < 0 || (here && nextCount == 0)) {
                    return false;
                }
                count = take(after);
                at += Character.charCount(after);
                before = after;
                spend(1);
            }
        }

        private void spend(long some) {
            steps += some;
            if (steps > MOST_STEPS) {
                throw new NotExact("a regular expression that takes too long on a text");
            }
        }

        private boolean follows(Ahead ahead) {
            Run run = ahead.what().new Run(text, inFavour != ahead.negated());
            // What one costs the other may not spend again.
            run.steps = steps;
            boolean follows = run.matches(at, true);
            steps = run.steps;
            return follows != ahead.negated();
        }

        /** The states after a character. */
        private int take(int character) {
            int count = 0;
            for (int i = 0; i < nextCount; i++) {
                if (program[next[i]] instanceof Take take && take.set().contains(character, inFavour)) {
                    now[count++] = next[i] + 1;
                }
            }
            return count;
        }

        /** Follows what takes no character; whether that ends in a match. */
        private boolean reach(int state, int place, int before, int after) {
            int depth = 0;
            pending[depth++] = state;
            while (depth > 0) {
                int here = pending[--depth];
                if (reached[here] == place) {
                    continue;
                }
                reached[here] = place;
                spend(1);
                switch (program[here]) {
                    case Done done -> {
                        return true;
                    }
                    case Take take -> next[nextCount++] = here;
                    case Fork fork -> {
                        // Twice as many as states can wait only if some wait twice.
                        if (reached[fork.second()] != place && depth < pending.length) {
                            pending[depth++] = fork.second();
                        }
                        if (reached[fork.first()] != place && depth < pending.length) {
                            pending[depth++] = fork.first();
                        }
                    }
                    case Check check -> {
                        if (holds(check.assertion(), before, after)) {
                            pending[depth++] = here + 1;
                        }
                    }
                    case Look look -> {
                        if (follows(look.ahead())) {
                            pending[depth++] = here + 1;
                        }
                    }
                }
            }
            return false;
        }

        private boolean holds(Assertion assertion, int before, int after) {
            boolean wordBefore = before >= 0 && word.contains(before, inFavour);
            boolean noWordBefore = before < 0 || !word.contains(before, !inFavour);
            boolean wordAfter = after >= 0 && word.contains(after, inFavour);
            boolean noWordAfter = after < 0 || !word.contains(after, !inFavour);
            return switch (assertion) {
                case BEGINNING -> before < 0;
                case END -> after < 0;
                case WORD_BEGINNING -> noWordBefore && wordAfter;
                case WORD_END -> wordBefore && noWordAfter;
                case WORD_EDGE -> (noWordBefore && wordAfter) || (wordBefore && noWordAfter);
                case NO_WORD_EDGE -> (noWordBefore && noWordAfter) || (wordBefore && wordAfter);
            };
        }
    }
}
