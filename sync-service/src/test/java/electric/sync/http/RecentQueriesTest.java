package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeDefinition.LogMode;
import electric.sync.shape.ShapeDefinition.Replica;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentQueriesTest {
    private final RecentQueries recent = new RecentQueries();

    @Test
    void whatManyAskIsReadOnce() throws CharacterCodingException {
        String raw = "table=items&offset=1_0&handle=7&live=true";

        assertThat(recent.read(raw).query())
                .isSameAs(recent.read(new String(raw.toCharArray())).query());
    }

    @Test
    void cursorsDoNotTellQueriesApart() throws CharacterCodingException {
        RecentQueries.Read first = recent.read("cursor=17&handle=7&offset=1_0&table=items");
        RecentQueries.Read second = recent.read("cursor=4711&handle=7&offset=1_0&table=items");
        RecentQueries.Read behind = recent.read("handle=7&offset=1_0&table=items&cursor=9");

        assertThat(second.query()).isSameAs(first.query()).isNotSameAs(behind.query());
        assertThat(List.of(first.cursor(), second.cursor(), behind.cursor())).containsExactly("17", "4711", "9");
        assertThat(recent.read("cursor=&handle=7&offset=1_0&table=items").cursor())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "table=a&cursor=1&cursor=2, 2",
        "table=a&cursor=2&%63ursor=1, 1",
        "table=a&cursor=1&cursor[]=2, ''",
        "table=a&cursor=-1, -1",
        "table=a&cursor=1%30, 10",
        "table=a&x-cursor=1, ''",
        "table=a&xcursor=1, ''",
        "table=a, ''",
    })
    void theCursorIsTheOneThatIsSaidLast(String raw, String cursor) throws CharacterCodingException {
        for (int round = 0; round < 2; round++) {
            assertThat(recent.read(raw).cursor()).isEqualTo(cursor);
        }
    }

    @Test
    void queriesThatShareAPlaceAreNotTakenForEachOther() throws CharacterCodingException {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(recent.read("table=items&offset=" + i + "_0")
                                .query()
                                .query()
                                .value("offset"))
                        .isEqualTo(new Query.Value.Text(i + "_0"));
            }
        }
    }

    @Test
    void whatAQueryMeansIsAskedAgainWhenItsTableIsDescribedAnew() throws CharacterCodingException {
        ShapeQuery query = recent.read("table=items&offset=-1").query();
        Table before = new Table(1, new RelationName("public", "items"), false, List.of(), List.of());
        Table now = new Table(1, new RelationName("public", "items"), false, List.of(), List.of());
        ShapeQuery.Meaning meaning =
                new ShapeQuery.Meaning(before, ShapeDefinition.of(before, null, Replica.DEFAULT, LogMode.FULL));

        query.means(before, false, meaning);

        assertThat(query.meaning(before, false)).isSameAs(meaning);
        assertThat(query.meaning(now, false)).isNull();
        assertThat(query.meaning(before, true)).isNull();
    }
}
