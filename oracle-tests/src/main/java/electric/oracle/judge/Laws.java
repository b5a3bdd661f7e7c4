package electric.oracle.judge;

import electric.oracle.scenario.Law;
import electric.oracle.scenario.Law.Balance;
import electric.oracle.scenario.Law.Partition;
import electric.oracle.scenario.Law.Sum;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds laws against what clients have. */
public final class Laws {
    private Laws() {}

    /**
     * What is against the law, in words.
     *
     * @param views the rows that a client has, by key
     */
    public static Optional<String> broken(Law law, Function<String, Map<String, Map<String, @Nullable String>>> views) {
        return switch (law) {
            case Partition partition -> broken(partition, views);
            case Balance balance -> broken(balance, views);
        };
    }

    private static Optional<String> broken(
            Partition partition, Function<String, Map<String, Map<String, @Nullable String>>> views) {
        Map<String, Map<String, @Nullable String>> together = new HashMap<>();
        for (String part : partition.parts()) {
            for (Map.Entry<String, Map<String, @Nullable String>> row :
                    views.apply(part).entrySet()) {
                if (together.put(row.getKey(), row.getValue()) != null) {
                    return Optional.of(partition + ", but more than one has " + row.getKey());
                }
            }
        }
        Map<String, Map<String, @Nullable String>> whole = views.apply(partition.whole());
        TreeSet<String> keys = new TreeSet<>(whole.keySet());
        keys.addAll(together.keySet());
        keys.removeIf(key -> whole.containsKey(key) && whole.get(key).equals(together.get(key)));
        return keys.isEmpty() ? Optional.empty() : Optional.of(partition + ", but they differ in " + keys);
    }

    private static Optional<String> broken(
            Balance balance, Function<String, Map<String, Map<String, @Nullable String>>> views) {
        BigDecimal left = sum(balance.left(), views);
        BigDecimal right = sum(balance.right(), views);
        return left.compareTo(right) == 0
                ? Optional.empty()
                : Optional.of(balance + ", but " + left + " is not " + right);
    }

    private static BigDecimal sum(List<Sum> sums, Function<String, Map<String, Map<String, @Nullable String>>> views) {
        BigDecimal all = BigDecimal.ZERO;
        for (Sum sum : sums) {
            for (Map<String, @Nullable String> row : views.apply(sum.client()).values()) {
                String value = row.get(sum.column());
                if (value != null) {
                    all = all.add(new BigDecimal(value));
                }
            }
        }
        return all;
    }
}
