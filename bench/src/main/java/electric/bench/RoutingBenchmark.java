package electric.bench;

import electric.sync.change.Change;
import electric.sync.change.Collation;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.Table.Column;
import electric.sync.change.Table.Generated;
import electric.sync.change.ValueType;
import electric.sync.log.LogStore;
import electric.sync.route.Router;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.value.CaseMapping;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find the shapes that a change is for, and to come and go among many. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoutingBenchmark {
    private static final int ROWS = 1024;

    private static final Table TABLE = new Table(
            1,
            new RelationName("public", "orders"),
            false,
            List.of(
                    column("id", "int4", 23),
                    column("x", "int8", 20),
                    column("u", "uuid", 2950),
                    column("name", "text", 25)),
            List.of());

    private static final Relation RELATION = new Relation(
            1,
            TABLE.name(),
            'f',
            TABLE.columns().stream()
                    .map(column -> new Relation.Column(column.name(), column.typeOid(), -1, true))
                    .toList());

    private static final ShapeDefinition DEFINITION =
            ShapeDefinition.of(TABLE, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);

    private static Column column(String name, String type, int oid) {
        Collation collation = type.equals("text")
                ? new Collation(100, "pg_catalog", "default", Collation.Provider.LIBC, "C.UTF-8", true)
                : null;
        return new Column(name, oid, -1, type, 0, true, Generated.NO, -1, new ValueType.BuiltIn(type), collation);
    }

    private static Filter filter(String where) {
        try {
            return Filter.of(where, List.of(), TABLE, collation -> CaseMapping.ASCII)
                    .orElseThrow();
        } catch (InvalidWhere invalid) {
            throw new IllegalArgumentException(where, invalid);
        }
    }

    private static String uuid(int k) {
        return String.format("%08x-0000-4000-8000-%012x", k * 0x9E3779B9, k);
    }

    /** Shapes with a filter each, and changes of rows that belong to one of them. */
    public static class Followed {
        private final ShapeRegistry registry =
                new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
        private final EntryFormat format = new EntryFormat(TABLE, DEFINITION);
        private final Change[] changes = new Change[ROWS];
        private final Router router = new Router();
        private final ShapeWriter passing =
                new ShapeWriter(registry.claim(DEFINITION).shape(), format);
        private int next;

        void follow(int count, IntFunction<String> where) {
            List<Filter> filters = new ArrayList<>();
            List<ShapeWriter> writers = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                filters.add(filter(where.apply(k)));
                writers.add(writer());
            }
            long before = heap();
            for (int k = 0; k < count; k++) {
                router.follow(writers.get(k), TABLE, filters.get(k));
            }
            System.out.println("# in the index: " + (heap() - before) / count + " bytes per shape");
            Random random = new Random(1);
            for (int i = 0; i < ROWS; i++) {
                int k = random.nextInt(count);
                changes[i] = new Change.Insert(
                        RELATION,
                        Row.of(Integer.toString(k), Long.toString(k * 10L + 3), uuid(k), "Order K" + k + "k of today"));
            }
        }

        ShapeWriter writer() {
            return new ShapeWriter(registry.claim(DEFINITION).shape(), format);
        }

        private static long heap() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        int comeAndGo(Filter filter) {
            router.follow(passing, TABLE, filter);
            router.unfollow(passing, TABLE, filter);
            return 0;
        }

        int route() {
            next = (next + 1) & (ROWS - 1);
            return router.route(RELATION, changes[next]).size();
        }
    }

    @State(Scope.Thread)
    public static class Equal extends Followed {
        @Param({"10", "1000", "100000"})
        public int shapes;

        private final Filter another = filter("x = 7 AND id = 100001");
        private final Filter list = filter("id IN ("
                + IntStream.range(0, 10_000).mapToObj(Integer::toString).collect(Collectors.joining(",")) + ")");

        @Setup
        public void prepare() {
            follow(shapes, k -> "id = " + k);
        }
    }

    @State(Scope.Thread)
    public static class Uuids extends Followed {
        @Setup
        public void prepare() {
            follow(100_000, k -> "u = '" + uuid(k) + "'");
        }
    }

    @State(Scope.Thread)
    public static class Ranges extends Followed {
        @Setup
        public void prepare() {
            follow(100_000, k -> "x >= " + k * 10L + " AND x < " + (k * 10L + 10));
        }
    }

    @State(Scope.Thread)
    public static class Prefixes extends Followed {
        @Setup
        public void prepare() {
            follow(100_000, k -> "name LIKE 'Order K" + k + "k%'");
        }
    }

    @State(Scope.Thread)
    public static class Patterns extends Followed {
        @Setup
        public void prepare() {
            follow(10_000, k -> "name ILIKE '%k" + k + "k%'");
        }
    }

    /** {@code id = k}. */
    @Benchmark
    public int equal(Equal followed) {
        return followed.route();
    }

    /** {@code u = '…'}. */
    @Benchmark
    public int uuids(Uuids followed) {
        return followed.route();
    }

    /** {@code x >= k AND x < k + 10}, each row in one of them. */
    @Benchmark
    public int ranges(Ranges followed) {
        return followed.route();
    }

    /** {@code name LIKE 'Order k…%'}, each row in one of them. */
    @Benchmark
    public int prefixes(Prefixes followed) {
        return followed.route();
    }

    /** {@code name ILIKE '%k…%'}, each row in one of them. */
    @Benchmark
    public int patterns(Patterns followed) {
        return followed.route();
    }

    /** One more comes and goes. */
    @Benchmark
    public int comeAndGo(Equal followed) {
        return followed.comeAndGo(followed.another);
    }

    /** One with ten thousand constants comes and goes. */
    @Benchmark
    public int longListComesAndGoes(Equal followed) {
        return followed.comeAndGo(followed.list);
    }
}
