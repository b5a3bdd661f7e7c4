package electric.sync.where;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Filters with types, for the tests of other modules. */
public final class RandomClauses {
    private RandomClauses() {}

    /** Without parameters. */
    public static Stream<String> of(long seed, int depth) {
        Random random = new Random(seed);
        List<PhraseGrammar.Rule> rules = PhraseGrammar.rules();
        RandomPhrases phrases = new RandomPhrases(random, new WideTable(new Random(seed), 0), rules);
        return Stream.generate(
                () -> phrases.phrase("bool", 1 + random.nextInt(depth)).withLiterals());
    }
}
