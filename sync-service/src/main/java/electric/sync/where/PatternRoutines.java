package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.value.Characters;
import electric.sync.value.Letters;
import electric.sync.value.LikePattern;
import electric.sync.value.NotExact;
import electric.sync.value.RegularExpression;
import electric.sync.value.SimilarPattern;
import electric.sync.value.Text;
import electric.sync.where.Routines.Implementation;
import electric.sync.where.Routines.Use;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Regular expressions and SIMILAR TO, as far as it is asked whether they match. */
final class PatternRoutines {
    private PatternRoutines() {}

    static void addTo(Implementations all) {
        for (String type : List.of("text", "name", "bpchar")) {
            all.bound(type + "regexeq(" + type + ",text)", matching(false, false));
            all.bound(type + "regexne(" + type + ",text)", matching(false, true));
            all.bound(type + "icregexeq(" + type + ",text)", matching(true, false));
            all.bound(type + "icregexne(" + type + ",text)", matching(true, true));
        }
        all.bound("regexp_like(text,text)", matching(false, false));
        all.bound("regexp_like(text,text,text)", use -> {
            if (!(constant(use, 2) instanceof String flags) || !flags.matches("[cit]*")) {
                throw new NotExact("flags of a regular expression other than c and i");
            }
            boolean ignoringCase = flags.lastIndexOf('i') > flags.lastIndexOf('c');
            return matching(ignoringCase, false).bind(use);
        });
        for (String name : List.of("bytealike", "like")) {
            all.two(name + "(bytea,bytea)", PatternRoutines::isLike);
        }
        for (String name : List.of("byteanlike", "notlike")) {
            all.two(name + "(bytea,bytea)", (byte[] value, byte[] pattern) -> !isLike(value, pattern));
        }
        all.two(
                "like_escape(bytea,bytea)",
                (byte[] pattern, byte[] escape) -> Characters.likeEscape(characters(pattern), characters(escape))
                        .getBytes(StandardCharsets.ISO_8859_1));
        all.one("similar_to_escape(text)", (String pattern) -> SimilarPattern.toRegularExpression(pattern));
        all.<String, String, Object>two("similar_to_escape(text,text)", SimilarPattern::toRegularExpression);
    }

    private static boolean isLike(byte[] value, byte[] pattern) {
        byte[] text = Text.utf8(characters(value));
        return LikePattern.like(characters(pattern)).matches(text, 0, text.length);
    }

    /** Each byte as a character, so that a pattern's one character is one byte. */
    private static String characters(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Implementation matching(boolean ignoringCase, boolean negated) {
        return use -> {
            Function<String, RegularExpression> compiler = compiler(use, ignoringCase);
            if (constant(use, 1) instanceof String pattern) {
                RegularExpression compiled = compiler.apply(pattern);
                return arguments -> compiled.matches(text(arguments[0])) != negated;
            }
            return arguments -> compiler.apply(text(arguments[1])).matches(text(arguments[0])) != negated;
        };
    }

    private static @Nullable Object constant(Use use, int index) {
        return index < use.constants().size() ? use.constants().get(index) : null;
    }

    private static String text(@Nullable Object argument) {
        return (String) Objects.requireNonNull(argument);
    }

    private static Function<String, RegularExpression> compiler(Use use, boolean ignoringCase) {
        Collation collation = use.collation();
        if (collation == null && ignoringCase) {
            throw new NotExact("letters without regard to case in an unknown collation");
        }
        if (collation != null && !collation.deterministic()) {
            throw new NotExact("regular expressions in a collation that is not deterministic");
        }
        Letters letters = TextRoutines.lettersOf(use);
        return pattern -> RegularExpression.compile(pattern, letters, ignoringCase);
    }
}
