package electric.oracle.run;

import electric.oracle.judge.Verdict;
import electric.oracle.scenario.FilterClass;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What has been checked so far. A check: after a commit, one client's view of one shape against Postgres's answer. */
final class Tally {
    private final Map<FilterClass, Map<Verdict, LongAdder>> verdicts = new EnumMap<>(FilterClass.class);
    private final LongAdder checks = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder failedTransactions = new LongAdder();
    private final LongAdder wholeComparisons = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failedRequests = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder laws = new LongAdder();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final AtomicInteger scenarios = new AtomicInteger();

    Tally() {
        for (FilterClass one : FilterClass.values()) {
            Map<Verdict, LongAdder> counts = new EnumMap<>(Verdict.class);
            for (Verdict verdict : Verdict.values()) {
                counts.put(verdict, new LongAdder());
            }
            verdicts.put(one, counts);
        }
    }

    void check(FilterClass filterClass, Verdict verdict) {
        of(filterClass, verdict).increment();
        checks.increment();
    }

    void commit() {
        commits.increment();
    }

    void failedTransaction() {
        failedTransactions.increment();
    }

    void wholeComparison() {
        wholeComparisons.increment();
    }

    /** One that failed while it might, and was sent again. */
    void failedRequest() {
        failedRequests.increment();
    }

    /** Views of several clients held against each other. */
    void law() {
        laws.increment();
    }

    long laws() {
        return laws.sum();
    }

    void fault() {
        faults.increment();
    }

    void request() {
        requests.increment();
    }

    void scenario() {
        scenarios.incrementAndGet();
    }

    void took(Duration check) {
        slowestNanos.accumulateAndGet(check.toNanos(), Math::max);
    }

    long checks() {
        return checks.sum();
    }

    long count(FilterClass filterClass, Verdict verdict) {
        return of(filterClass, verdict).sum();
    }

    /** One line while it runs. */
    String progress(Duration since) {
        return "%,d checks (%,d a second), %,d commits, %d scenarios, %,d refetches, slowest %d ms"
                .formatted(
                        checks(),
                        checks() * 1000 / Math.max(1, since.toMillis()),
                        commits.sum(),
                        scenarios.get(),
                        refetches(),
                        Duration.ofNanos(slowestNanos.get()).toMillis());
    }

    /** The table at the end. */
    String summary(Duration since) {
        StringBuilder table = new StringBuilder();
        table.append("%-6s %12s".formatted("class", "checks"));
        for (Verdict verdict : Verdict.values()) {
            table.append("%10s".formatted(verdict));
        }
        table.append('\n');
        for (FilterClass filterClass : FilterClass.values()) {
            long all = 0;
            StringBuilder line = new StringBuilder();
            for (Verdict verdict : Verdict.values()) {
                all += count(filterClass, verdict);
                line.append("%,10d".formatted(count(filterClass, verdict)));
            }
            if (all > 0) {
                table.append("%-6s %,12d".formatted(filterClass, all))
                        .append(line)
                        .append('\n');
            }
        }
        return table + progress(since) + ", " + "%,d".formatted(requests.sum()) + " requests, "
                + "%,d".formatted(wholeComparisons.sum()) + " views compared row by row, "
                + "%,d".formatted(laws.sum()) + " comparisons between views, "
                + "%,d".formatted(faults.sum()) + " faults, " + "%,d".formatted(failedRequests.sum())
                + " requests that failed meanwhile, " + "%,d".formatted(failedTransactions.sum())
                + " transactions that Postgres refused, "
                + since.toSeconds() + " s";
    }

    private long refetches() {
        long refetches = 0;
        for (FilterClass filterClass : FilterClass.values()) {
            refetches += count(filterClass, Verdict.A5) + count(filterClass, Verdict.N5);
        }
        return refetches;
    }

    private LongAdder of(FilterClass filterClass, Verdict verdict) {
        Map<Verdict, LongAdder> counts = verdicts.getOrDefault(filterClass, Map.of());
        LongAdder count = counts.get(verdict);
        if (count == null) {
            throw new IllegalStateException("Nobody counts " + verdict + " of " + filterClass);
        }
        return count;
    }
}
