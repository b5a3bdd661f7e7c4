package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Row;
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Asks a filter of a row twice, compiled and naively: both must say the same. */
final class Meanings {
    private Meanings() {}

    /**
     * {@code TRUE}, {@code FALSE}, {@code UNKNOWN}, or how it failed.
     *
     * @param types of the columns
     */
    static String outcome(Expr filter, List<Type> types, @Nullable String... texts) {
        RowValues row = new RowValues(types);
        row.turnTo(Row.of(texts), IntStream.range(0, texts.length).toArray());
        Predicate predicate = Compiler.compile(filter);
        String compiled = outcome(() -> predicate.test(row));
        String again = outcome(() -> predicate.test(row));
        List<@Nullable String> texted = new ArrayList<>(Arrays.asList(texts));
        String naive = outcome(() -> Naive.truth(filter, texted));
        assertThat(compiled).as("compiled %s, of %s", filter, texted).isEqualTo(naive);
        assertThat(again).as("compiled %s, of %s, asked again", filter, texted).isEqualTo(naive);
        return naive;
    }

    static String outcome(Supplier<Truth> truth) {
        try {
            return truth.get().name();
        } catch (InvalidValue invalid) {
            return invalid.sqlState();
        } catch (NotExact unsure) {
            return "not exact";
        }
    }
}
