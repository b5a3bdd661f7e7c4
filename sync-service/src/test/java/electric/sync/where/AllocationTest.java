package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of every row costs no memory: comparisons, lists and patterns of the common types. */
final class AllocationTest {
    private static final int ROUNDS = 100_000;

    /** A compiler thread or a class that is loaded may cost something; a byte per round may not. */
    private static final long TOLERATED = 50_000;

    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();
    private static final Row ROW = Row.of(
            "7",
            "9000000000",
            "0.5",
            "10.50",
            "a",
            "Some Name",
            "ab   ",
            "80000000-0000-0000-0000-0000000000a9",
            "t",
            "2024-02-29",
            "2024-02-29 12:30:00.5+00",
            "12:30:00",
            "ok",
            null);

    static {
        COLUMNS.put("i", "int4");
        COLUMNS.put("l", "int8");
        COLUMNS.put("f", "float8");
        COLUMNS.put("n", "numeric");
        COLUMNS.put("s", "text");
        COLUMNS.put("name", "text");
        COLUMNS.put("c", "char(5)");
        COLUMNS.put("u", "uuid");
        COLUMNS.put("b", "bool");
        COLUMNS.put("d", "date");
        COLUMNS.put("ts", "timestamptz");
        COLUMNS.put("t", "time");
        COLUMNS.put("m", "mood");
        COLUMNS.put("nothing", "int4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i = 7 AND s IN ('a','b') AND n > 10.5",
                "i BETWEEN 1 AND 10 OR l < 5000000000",
                "i = l",
                "f >= 0.25 AND f <> 'NaN'",
                "n IN (1.5, 10.5)",
                "s < 'b' AND s <> 'ab'",
                "c = 'ab' OR c IN ('x', 'y')",
                "u = '80000000-0000-0000-0000-0000000000a9' OR u > '00000000-0000-0000-0000-000000000000'",
                "b AND NOT (i = 8) AND b IS TRUE",
                "d >= '2024-01-01' AND d < '2025-01-01'",
                "ts >= '2024-01-01' AND ts < '2025-01-01'",
                "t > '12:00'",
                "m = 'ok' OR m IN ('sad', 'happy')",
                "nothing IS NULL AND nothing = 3",
                "i IS DISTINCT FROM 8 AND s IS NOT DISTINCT FROM 'a'",
                "name LIKE 'Some%' AND name LIKE '%Na%' AND name NOT LIKE '_x%'",
                "name ILIKE '%NAME' AND name NOT ILIKE '%other%'",
                "i = ANY ('{1,2,7}')",
                "CASE WHEN b THEN i = 7 ELSE i = 8 END"
            })
    void costsNoMemory(String where) throws InvalidWhere {
        Table table = TestTables.of(COLUMNS);
        Predicate predicate = Filter.of(where, List.of(), table, collation -> CaseMapping.ASCII)
                .orElseThrow()
                .predicate();
        RowValues row = new RowValues(table.columns().stream()
                .map(column -> Types.of(column.values()))
                .toList());
        int[] places = IntStream.range(0, COLUMNS.size()).toArray();
        ask(predicate, row, places);
        long allocated = ask(predicate, row, places);
        assertThat(allocated).isLessThan(TOLERATED);
    }

    @Test
    void readingAValueThatNeedsAnObjectIsSeen() {
        RowValues row = new RowValues(List.of(Types.TEXT));
        Predicate predicate = values -> Truth.of(values.value(0).equals("x"));
        ask(predicate, row, new int[] {4});
        assertThat(ask(predicate, row, new int[] {4})).isGreaterThan(TOLERATED);
    }

    /** The bytes that this thread allocates while it asks. */
    private static long ask(Predicate predicate, RowValues row, int[] places) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int held = 0;
        for (int i = 0; i < ROUNDS; i++) {
            row.turnTo(ROW, places);
            held += predicate.test(row) == Truth.TRUE ? 1 : 0;
        }
        assertThat(held).isIn(0, ROUNDS);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
