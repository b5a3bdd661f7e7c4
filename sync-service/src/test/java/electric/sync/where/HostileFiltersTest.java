package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clauses as long as they may be, made to cost as much as they can: each is a filter or refused, soon and in little memory. */
final class HostileFiltersTest {
    private static final int LENGTH = 65_000;

    private static final int MOST_SQL = 1_000_000;

    /** No figure of performance, but far from what anything quadratic would need. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Table TABLE = table();

    private static Table table() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("id", "int4");
        columns.put("n", "numeric");
        columns.put("s", "text");
        columns.put("b", "bool");
        columns.put("a", "int4[]");
        columns.put("iv", "interval");
        return TestTables.of(columns);
    }

    static Stream<String> clauses() {
        List<String> clauses = new ArrayList<>();
        clauses.add(filled("id IN (", "1,", "1)"));
        clauses.add(filled("id IN (", "'1',", "'1')"));
        clauses.add(filled("n IN (", "1.5,", "2)"));
        clauses.add(filled("id IN (", "id,", "id)"));
        clauses.add(filled("id NOT IN (", "NULL,", "1)"));
        clauses.add(filled("(id, s) IN (", "(1,'a'),", "(1,'b'))"));
        clauses.add(filled("id = ANY('{", "1,", "1}')"));
        clauses.add(filled("id = ANY(ARRAY[", "id,", "1])"));
        clauses.add(filled("id = ANY(ARRAY[", "1,", "1])"));
        clauses.add(filled("coalesce(", "id,", "1) = 1"));
        clauses.add(filled("greatest(", "s,", "s) = ''"));
        clauses.add(filled("concat(", "s,", "s) = ''"));
        clauses.add(filled("b", " AND b", ""));
        clauses.add(filled("b", " OR id=1", ""));
        clauses.add(filled("CASE", " WHEN b THEN b", " END"));
        clauses.add(filled("CASE id", " WHEN 1 THEN b", " END"));
        clauses.add(filled("CASE id+id+id+id+id+id+id", " WHEN 1 THEN b", " END"));
        clauses.add(filled("s LIKE '", "%a", "'"));
        clauses.add(filled("s LIKE '", "%_", "'"));
        clauses.add(filled("'" + "a".repeat(30_000) + "' LIKE '", "%a", "b'"));
        clauses.add(filled("s ~ '", "(a*)*", "'"));
        clauses.add(filled("s = '", "x", "'"));
        clauses.add(filled("n = ", "9", ""));
        clauses.add("n = " + "9".repeat(30_000) + " * " + "9".repeat(30_000));
        clauses.add("n = " + "9".repeat(30_000) + " / " + "7".repeat(30_000));
        clauses.add(filled("n = 1", "+9e60000*9e60000", ""));
        clauses.add(filled("b", " OR n=9e60000*9e60000", ""));
        clauses.add(filled("b", " OR n=1/9e16000", ""));
        clauses.add(filled("b", " OR n='9e60000'*'9e60000'", ""));
        clauses.add(filled("b", " OR n='9e60000'::text::numeric", ""));
        clauses.add(filled("b OR '[", "9e60000,", "1]'::jsonb IS NULL"));
        clauses.add(filled("b", " OR n=2.5^9999", ""));
        clauses.add(filled("b", " OR n=exp(5999.9)", ""));
        clauses.add(filled("b", " OR n=9e99999%7.1", ""));
        clauses.add(filled("b", " OR n=factorial(9999)", ""));
        clauses.add(filled("b", " OR s=repeat('x',9999999)", ""));
        clauses.add(filled("b", " OR length(repeat('x',9999999))=id", ""));
        clauses.add(filled("b", " OR s=lpad('x',9999999)", ""));
        clauses.add(filled("b", " OR s=md5('x')", ""));
        clauses.add(filled("b", " OR a=array_fill(1,'{9999999}')", ""));
        clauses.add(filled("b", " OR iv='1 day'", ""));
        clauses.add(filled("b", " OR '[0:999999999]={1}'=a", ""));
        clauses.add(filled("a = '", "{", "'"));
        clauses.add(filled("a[", "1][", "1]=1"));
        clauses.add(filled("'", "[", "'::jsonb IS NULL"));
        clauses.add(filled("(", "id,", "id) = (" + "1,".repeat(10) + "1)"));
        clauses.add(filled("ROW(", "id,", "id) IS NULL"));
        clauses.add(filled("b", " OR (b BETWEEN SYMMETRIC b AND b)", ""));
        clauses.add(filled("b", " OR id BETWEEN SYMMETRIC 1 AND $1", ""));
        clauses.add(filled("nosuch(", "id,", "id)"));
        clauses.add(filled("jsonb_build_array(", "id,", "id) IS NULL"));
        return clauses.stream();
    }

    private static String filled(String begin, String repeated, String end) {
        int times = (LENGTH - begin.length() - end.length()) / repeated.length();
        return begin + repeated.repeat(times) + end;
    }

    @ParameterizedTest
    @MethodSource("clauses")
    void isAFilterOrRefused(String clause) {
        String outcome = Assertions.assertTimeoutPreemptively(LIMIT, () -> outcome(clause));
        assertThat(outcome).hasSizeBetween(1, MOST_SQL);
    }

    private static String outcome(String clause) {
        try {
            return "accepted as "
                    + Filter.of(clause, List.of("5"), TABLE, collation -> CaseMapping.ASCII)
                            .orElseThrow()
                            .sql();
        } catch (InvalidWhere invalid) {
            return invalid.message();
        }
    }
}
