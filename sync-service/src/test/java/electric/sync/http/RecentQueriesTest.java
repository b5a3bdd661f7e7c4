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

class RecentQueriesTest {
    private final RecentQueries recent = new RecentQueries();

    @Test
    void whatManyAskIsReadOnce() throws CharacterCodingException {
        String raw = "table=items&offset=1_0&handle=7&live=true";

        assertThat(recent.read(raw)).isSameAs(recent.read(new String(raw.toCharArray())));
    }

    @Test
    void queriesThatShareAPlaceAreNotTakenForEachOther() throws CharacterCodingException {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(recent.read("table=items&offset=" + i + "_0").query().value("offset"))
                        .isEqualTo(new Query.Value.Text(i + "_0"));
            }
        }
    }

    @Test
    void whatAQueryMeansIsAskedAgainWhenItsTableIsDescribedAnew() throws CharacterCodingException {
        ShapeQuery query = recent.read("table=items&offset=-1");
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
