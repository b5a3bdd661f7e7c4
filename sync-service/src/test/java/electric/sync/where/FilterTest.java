package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.value.CaseMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a filter still means the same of a table (FILTER-018). */
final class FilterTest {
    private static final ValueType MOOD = mood("sad", "ok");
    private static final Table TABLE = table(
            column("id", new ValueType.BuiltIn("int4"), null),
            column("s", new ValueType.BuiltIn("text"), TestTables.C),
            column("m", MOOD, null),
            column("l", new ValueType.Array(MOOD), null));

    private static ValueType mood(String... labels) {
        return new ValueType.Enumerated(77, "public", "mood", List.of(labels));
    }

    private static Table.Column column(String name, ValueType values, @Nullable Collation collation) {
        return new Table.Column(name, 1, -1, "t", 0, false, Table.Generated.NO, -1, values, collation);
    }

    private static Table table(Table.Column... columns) {
        return new Table(1, new RelationName("public", "items"), false, List.of(columns), List.of());
    }

    private static Table with(Table.Column changed) {
        return table(TABLE.columns().stream()
                .map(column -> column.name().equals(changed.name()) ? changed : column)
                .toArray(Table.Column[]::new));
    }

    private static Filter filter(String where) throws InvalidWhere {
        return Filter.of(where, List.of(), TABLE, collation -> CaseMapping.ASCII)
                .orElseThrow();
    }

    @Test
    void knowsItsColumnsAndNoOthers() throws InvalidWhere {
        assertThat(filter("id = 1 OR (s < 'a' AND id > 3)").columns())
                .extracting(Expr.Column::name)
                .containsExactly("id", "s");
    }

    @Test
    void doesNotCareForColumnsThatItDoesNotAskFor() throws InvalidWhere {
        Table other = table(TABLE.columns().get(0), TABLE.columns().get(1), column("more", MOOD, null));
        assertThat(filter("id = 1 AND s = 'a'").misfit(other)).isNull();
        assertThat(filter("id = 1 AND s = 'a'").fits(other)).isTrue();
    }

    @Test
    void endsWithItsColumnsTypesAndCollations() throws InvalidWhere {
        assertThat(filter("m = 'ok'").misfit(table(TABLE.columns().get(0))))
                .isEqualTo("column m, which its filter asks for, is gone");
        assertThat(filter("id = 1").misfit(with(column("id", new ValueType.BuiltIn("int8"), null))))
                .isEqualTo("column id, which its filter asks for, has another type");
        assertThat(filter("s = 'a'").misfit(with(column("s", new ValueType.BuiltIn("text"), TestTables.DEFAULT))))
                .isEqualTo("column s, which its filter asks for, has another collation");
    }

    @Test
    @DisplayName("WHERE-105: a label at the end changes nothing, others change what is before what")
    void takesALabelAtTheEndOnly() throws InvalidWhere {
        Table appended = with(column("m", mood("sad", "ok", "happy"), null));
        assertThat(filter("m > 'sad'").misfit(appended)).isNull();
        assertThat(filter("m > 'sad'").fits(appended)).isTrue();
        for (ValueType other : List.of(mood("meh", "sad", "ok"), mood("sad", "fine"), mood("sad"))) {
            assertThat(filter("m > 'sad'").misfit(with(column("m", other, null))))
                    .contains("another type");
            assertThat(filter("'ok' = ANY (l)").misfit(with(column("l", new ValueType.Array(other), null))))
                    .contains("another type");
        }
        assertThat(filter("id = 1").misfit(with(column("m", mood("new"), null))))
                .isNull();
    }

    @Test
    void canBeAskedOnlyWhereItsColumnsAreInTheirPlaces() throws InvalidWhere {
        Table moved = table(TABLE.columns().get(1), TABLE.columns().get(0));
        assertThat(filter("id = 1").misfit(moved)).isNull();
        assertThat(filter("id = 1").fits(moved)).isFalse();
    }

    private static String refusal(String where) {
        return assertThatExceptionOfType(InvalidWhere.class)
                .isThrownBy(() -> filter(where))
                .actual()
                .message();
    }

    @Test
    @DisplayName("HTTP-088: places are counted in bytes, and in characters where the text is no SQL")
    void countsPlacesAsPostgresDoes() {
        assertThat(refusal("'é' = foo")).isEqualTo("At location 7: unknown reference foo");
        assertThat(refusal("s = '\uD83D\uDE00' AND foo")).isEqualTo("At location 15: unknown reference foo");
        assertThat(refusal("foo = 'é'")).isEqualTo("At location 0: unknown reference foo");
        assertThat(refusal("'é' x")).isEqualTo("At location 19: syntax error at or near \"x\"");
        assertThat(refusal("'é' = (SELECT 1)")).isEqualTo("At location 30: Expected a plain column reference");
    }

    @Test
    void tellsNobodyItsConstants() throws InvalidWhere {
        assertThat(filter("s = 'secret'").toString()).doesNotContain("secret");
    }

    @Test
    void readsTheFirstOneByItself() {
        assertThatCode(Filter::readFirst).doesNotThrowAnyException();
    }
}
