package electric.sync.where;

import electric.sync.where.Phrase.Parentheses;
import electric.sync.where.PhraseGrammar.Kind;
import electric.sync.where.PhraseGrammar.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Phrases of a wanted type, by given rules, and what is smaller than a phrase. */
final class RandomPhrases {
    private final Random random;
    private final WideTable table;
    private final Map<String, Map<Kind, List<Rule>>> rules = new HashMap<>();

    RandomPhrases(Random random, WideTable table, List<Rule> rules) {
        this.random = random;
        this.table = table;
        for (Rule rule : rules) {
            this.rules
                    .computeIfAbsent(rule.result(), type -> new EnumMap<>(Kind.class))
                    .computeIfAbsent(rule.kind(), kind -> new ArrayList<>())
                    .add(rule);
        }
    }

    /** @param depth how many rules at most stand one in another */
    Phrase phrase(String type, int depth) {
        Map<Kind, List<Rule>> possible = rules.getOrDefault(type, Map.of());
        if (depth == 0 || possible.isEmpty() || random.nextInt(6) == 0) {
            return leaf(type);
        }
        List<Rule> kind = possible.get(kind());
        Rule rule = pick(
                kind == null ? possible.values().stream().flatMap(List::stream).toList() : kind);
        // Of what reads text, text that can be read.
        boolean reads = rule.kind() == Kind.CAST && rule.parts().equals(List.of("text")) && random.nextInt(5) > 0;
        return phrase(
                rule,
                rule.parts().stream()
                        .map(part -> reads
                                ? literal("text", WideTable.pick(values(type), random))
                                : phrase(part, random.nextInt(depth)))
                        .toList());
    }

    private Kind kind() {
        int one = random.nextInt(10);
        return one < 4 ? Kind.FORM : one < 7 ? Kind.OPERATOR : one < 9 ? Kind.FUNCTION : Kind.CAST;
    }

    private Phrase phrase(Rule rule, List<Phrase> parts) {
        return Phrase.of(
                rule.result(),
                rule.words(),
                parts,
                random.nextInt(10) == 0 ? Parentheses.LEFT_OUT : Parentheses.AROUND);
    }

    /** The simplest uses of a rule: with columns, and with literals in the place of the first, the last or all of them. */
    List<Phrase> uses(Rule rule) {
        int last = rule.parts().size() - 1;
        return Stream.<Predicate<Integer>>of(i -> false, i -> i == last, i -> i == 0, i -> true)
                .map(literals -> {
                    List<Phrase> parts = new ArrayList<>();
                    for (int i = 0; i <= last; i++) {
                        String type = rule.parts().get(i);
                        parts.add(
                                literals.test(i) || table.columns(type).isEmpty()
                                        ? literal(type, values(type).getLast())
                                        : column(type));
                    }
                    return phrase(rule, parts);
                })
                .toList();
    }

    private Phrase leaf(String type) {
        List<String> columns = table.columns(type);
        if (!columns.isEmpty() && random.nextInt(5) < 3) {
            return column(type);
        }
        String value = WideTable.pick(values(type), random);
        return switch (columns.isEmpty() ? 0 : random.nextInt(12)) {
            case 0 -> Phrase.word(type, Phrase.quoted(value));
            case 1 -> Phrase.parameter(type, value);
            case 2 -> literal(type, "NULL");
            case 3 -> Phrase.word(type, type.contains("[") ? Phrase.quoted(value) : type + " " + Phrase.quoted(value));
            default -> literal(type, value);
        };
    }

    private Phrase column(String type) {
        return Phrase.word(type, '"' + pick(table.columns(type)) + '"');
    }

    /** As a number or a word where there is such a spelling, else with its type. */
    private Phrase literal(String type, String value) {
        boolean plain = !value.matches("(?i)nan|-?infinity|-0|1e-45|5e-324|-9223372036854775808")
                && List.of("bool", "int4", "numeric", "a small number", "a digit")
                        .contains(type);
        boolean hint = table.columns(type).isEmpty();
        String spelled = value.equals("NULL") && !hint ? "NULL" : Phrase.quoted(value);
        String words = plain ? value : hint ? spelled : spelled + "::" + type;
        return new Phrase(
                type,
                List.of(words),
                List.of(),
                plain && value.startsWith("-") ? Parentheses.AROUND : Parentheses.NEEDLESS,
                null);
    }

    private static List<String> values(String type) {
        List<String> values = WideTable.VALUES.get(type);
        return values != null ? values : Objects.requireNonNull(WideTable.HINTS.get(type), type);
    }

    /** The smallest phrase, got by putting something smaller in the place of a part, that still fails. */
    Phrase shrunk(Phrase failing, Predicate<Phrase> fails) {
        Phrase smallest = failing;
        boolean found = true;
        while (found) {
            found = false;
            for (Phrase smaller : (Iterable<Phrase>) smaller(smallest)::iterator) {
                if (fails.test(smaller)) {
                    smallest = smaller;
                    found = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private Stream<Phrase> smaller(Phrase phrase) {
        Stream<Phrase> within = phrase.all().skip(1).filter(part -> part.type().equals(phrase.type()));
        Stream<Phrase> leaves =
                phrase.parts().isEmpty() || table.columns(phrase.type()).isEmpty()
                        ? Stream.empty()
                        : Stream.of(
                                Phrase.word(
                                        phrase.type(),
                                        '"' + table.columns(phrase.type()).getFirst() + '"'),
                                literal(phrase.type(), values(phrase.type()).getFirst()),
                                literal(phrase.type(), "NULL"));
        Stream<Phrase> tidied = phrase.parentheses() == Parentheses.LEFT_OUT
                ? Stream.of(new Phrase(
                        phrase.type(), phrase.words(), phrase.parts(), Parentheses.AROUND, phrase.parameter()))
                : Stream.empty();
        Stream<Phrase> inParts = Stream.iterate(0, i -> i < phrase.parts().size(), i -> i + 1)
                .flatMap(i -> smaller(phrase.parts().get(i)).map(part -> phrase.with(i, part)));
        return Stream.of(within, leaves, tidied, inParts).flatMap(all -> all);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
