package electric.bench;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.Table.Column;
import electric.sync.change.Table.Generated;
import electric.sync.change.ValueType;
import electric.sync.value.CaseMapping;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import electric.sync.where.Predicate;
import electric.sync.where.RowValues;
import electric.sync.where.Truth;
import electric.sync.where.Types;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to ask filters of a row as replication brings it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredicateBenchmark {
    private static final int ROWS = 1024;
    private static final int PATTERNS = 10_000;
    private static final int LIST = 10_000;
    private static final int[] PLACES = {0, 1, 2, 3};

    private static final Table TABLE = new Table(
            1,
            new RelationName("public", "orders"),
            false,
            List.of(
                    column("tenant_id", "int4", 23),
                    column("status", "text", 25),
                    column("price", "numeric", 1700),
                    column("name", "text", 25)),
            List.of());

    private final RowValues values = new RowValues(
            TABLE.columns().stream().map(column -> Types.of(column.values())).toList());
    private final Row[] rows = new Row[ROWS];
    private final Predicate[] patterns = new Predicate[PATTERNS];
    private final String list = IntStream.range(0, LIST)
            .mapToObj(i -> Integer.toString(i * 7))
            .collect(Collectors.joining(",", "tenant_id IN (", ")"));
    private Predicate common = row -> Truth.FALSE;
    private Predicate listed = row -> Truth.FALSE;
    private int next;

    private static Column column(String name, String type, int oid) {
        Collation collation = type.equals("text")
                ? new Collation(100, "pg_catalog", "default", Collation.Provider.LIBC, "C.UTF-8", true)
                : null;
        return new Column(name, oid, -1, type, 0, true, Generated.NO, -1, new ValueType.BuiltIn(type), collation);
    }

    private static Predicate filter(String where) throws InvalidWhere {
        return Filter.of(where, List.of(), TABLE, collation -> CaseMapping.ASCII)
                .orElseThrow()
                .predicate();
    }

    @Setup
    public void prepare() throws InvalidWhere {
        common = filter("tenant_id = 7 AND status IN ('a','b') AND price > 10.5");
        listed = filter(list);
        for (int i = 0; i < PATTERNS; i++) {
            patterns[i] = filter("name ILIKE '%k" + i + "%'");
        }
        Random random = new Random(1);
        for (int i = 0; i < ROWS; i++) {
            rows[i] = row(
                    random.nextInt(4) < 3 ? "7" : "12345",
                    random.nextInt(4) < 3 ? "b" : "shipped",
                    random.nextInt(2_000) + "." + (10 + random.nextInt(90)),
                    "The Quick Brown Fox of Order K" + random.nextInt(PATTERNS) + " jumps");
        }
    }

    /** All columns in one array, as a message of the stream has them. */
    private static Row row(String... texts) {
        byte[] bytes = String.join("-----", texts).getBytes(StandardCharsets.US_ASCII);
        int[] starts = new int[texts.length];
        int[] lengths = new int[texts.length];
        int at = 0;
        for (int i = 0; i < texts.length; i++) {
            starts[i] = at;
            lengths[i] = texts[i].length();
            at += lengths[i] + 5;
        }
        return new Row(bytes, starts, lengths);
    }

    private Row nextRow() {
        next = (next + 1) & (ROWS - 1);
        return rows[next];
    }

    /** A row and one filter: {@code tenant_id = 7 AND status IN ('a','b') AND price > 10.5}. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public Truth common() {
        values.turnTo(nextRow(), PLACES);
        return common.test(values);
    }

    /** A row and one filter: {@code tenant_id IN (…)} with ten thousand constants. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public Truth listed() {
        values.turnTo(nextRow(), PLACES);
        return listed.test(values);
    }

    /** That filter from its text. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Predicate addList() throws InvalidWhere {
        return filter(list);
    }

    /** A row and ten thousand filters: {@code name ILIKE '%k…%'}. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int patterns() {
        values.turnTo(nextRow(), PLACES);
        int found = 0;
        for (Predicate pattern : patterns) {
            if (pattern.test(values) == Truth.TRUE) {
                found++;
            }
        }
        return found;
    }
}
