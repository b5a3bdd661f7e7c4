package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.where.InvalidWhere;
import electric.sync.where.RandomClauses;
import electric.sync.where.WhereText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Filters are grouped as somebody else groups them. */
class SecondOpinionTest {
    private static final long SEED = Long.getLong("where.seed", 1);
    private static final int CLAUSES = Integer.getInteger("where.clauses", 6000);

    /** What the other parser sees otherwise than Postgres does; in such clauses it is not asked for more. */
    private static final Map<String, Pattern> KNOWN = Map.ofEntries(
            known("~~ is ~ and then ~", "~~"),
            known("#- is # and then -", "#-"),
            known("a slice is an operator, a subscript part of a name", "\\[[^\\]]*:|\\w\\["),
            known(
                    "arguments between words are lost",
                    "(?i)\\b(substring|position|overlay|trim|extract)\\s*\\(.*\\b(from|in|placing)\\b"),
            known("1_000 and 0x1F are names or left as they are", "\\d_\\d|0[xXoObB]\\d"),
            known("a sign before a number is a sign", "- *\\(? *-"),
            known("E'' keeps its escapes", "\\bE'"),
            known("the letter of a bit string is lost", "\\b[BX]'"),
            known("a subquery is what it is", "(?i)\\bselect\\b"),
            known("DEFAULT is a name", "\\bDEFAULT\\b"),
            known("a schema is part of a name", "pg_catalog\\."));

    private static Map.Entry<String, Pattern> known(String what, String pattern) {
        return Map.entry(what, Pattern.compile(pattern, Pattern.DOTALL));
    }

    @Test
    @DisplayName("I6: a filter is grouped as a second parser groups it")
    void filtersAreGroupedAsTheSecondParserDoes() {
        Map<String, Integer> counts = new TreeMap<>();
        List<String> unknown = new ArrayList<>();
        Stream<String> clauses = Stream.concat(
                FilterCase.all().stream().map(FilterCase::where).distinct(),
                RandomClauses.of(SEED, 4).limit(CLAUSES));
        clauses.forEach(clause -> counts.merge(judged(clause, unknown), 1, Integer::sum));
        System.out.println("Second opinion on filters: " + counts);
        assertThat(unknown).as("seed %d", SEED).isEmpty();
        assertThat(counts.getOrDefault("the same", 0)).isGreaterThan(CLAUSES / 2);
    }

    private static String judged(String clause, List<String> unknown) {
        String ours;
        try {
            ours = FirstOpinion.of(WhereText.parse(clause).orElseThrow());
        } catch (InvalidWhere invalid) {
            return "not read here";
        }
        Optional<String> theirs = SecondOpinion.of(clause);
        if (theirs.isEmpty()) {
            return "not read there";
        }
        if (theirs.get().equals(ours)) {
            return "the same";
        }
        return KNOWN.entrySet().stream()
                .filter(known -> known.getValue().matcher(clause).find())
                .map(known -> "otherwise: " + known.getKey())
                .findFirst()
                .orElseGet(() -> {
                    unknown.add(clause + "\n    here:  " + ours + "\n    there: " + theirs.get());
                    return "unknown";
                });
    }
}
