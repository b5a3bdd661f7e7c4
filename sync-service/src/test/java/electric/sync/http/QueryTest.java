package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.http.Query.Value;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class QueryTest {
    @Test
    void decodesPercentAndPlus() throws Exception {
        assertThat(Query.parse("a=b+c%20d%2B%C3%A9").value("a")).isEqualTo(new Value.Text("b c d+é"));
    }

    // HTTP-015
    @Test
    void takesAMalformedPercentSignLiterally() throws Exception {
        assertThat(Query.parse("table=it%zz%4").value("table")).isEqualTo(new Value.Text("it%zz%4"));
    }

    // HTTP-015
    @Test
    void refusesWhatIsNotUtf8() {
        assertThatThrownBy(() -> Query.parse("a=%ff")).isInstanceOf(CharacterCodingException.class);
        assertThatThrownBy(() -> Query.parse("%c3=1")).isInstanceOf(CharacterCodingException.class);
    }

    // HTTP-055
    @Test
    void takesTheLastOfSeveral() throws Exception {
        assertThat(Query.parse("a=1&a=2").value("a")).isEqualTo(new Value.Text("2"));
        assertThat(Query.parse("&&a=1&").value("a")).isEqualTo(new Value.Text("1"));
    }

    @Test
    void readsMapsListsAndBareNames() throws Exception {
        Query query = Query.parse("params%5B1%5D=a&params[2]=&c[]=x&c[]=y&live&subset__limit=1&subset[where]=z");
        assertThat(query.value("params")).isEqualTo(new Value.Fields(Map.of("1", "a", "2", "")));
        assertThat(query.value("c")).isEqualTo(new Value.Items(List.of("x", "y")));
        assertThat(query.value("live")).isEqualTo(new Value.Text(""));
        assertThat(query.value("subset")).isEqualTo(new Value.Fields(Map.of("limit", "1", "where", "z")));
    }

    private static Query withBody(String query, String body) throws Exception {
        return Query.parse(query).with((ObjectNode) JsonMapper.shared().readTree(body));
    }

    @Test
    void letsTheBodyWinOverTheQuery() throws Exception {
        Query query = withBody("table=a&replica=full", "{\"table\":\"b\",\"columns\":[\"x\"],\"live\":false,\"n\":5}");
        assertThat(query.value("table")).isEqualTo(new Value.Text("b"));
        assertThat(query.value("replica")).isEqualTo(new Value.Text("full"));
        assertThat(query.value("columns")).isEqualTo(new Value.Items(List.of("x")));
        assertThat(query.value("live")).isEqualTo(new Value.Truth(false));
        assertThat(query.value("n")).isEqualTo(new Value.Misfit());
    }

    // HTTP-104
    @Test
    void takesSubsetFieldsOfABodyForASubset() throws Exception {
        Query query = withBody("offset=-1", "{\"offset\":3,\"where\":\"a\",\"table\":\"t\"}");
        assertThat(query.value("offset")).isEqualTo(new Value.Text("-1"));
        assertThat(query.value("where")).isNull();
        assertThat(query.value("table")).isEqualTo(new Value.Text("t"));
        assertThat(query.value("subset")).isEqualTo(new Value.Fields(Map.of("offset", "3", "where", "a")));
    }

    // HTTP-105
    @Test
    void takesAWhereBesideASubsetObjectForTheShape() throws Exception {
        Query query = withBody("subset__limit=1", "{\"where\":\"a\",\"subset\":{\"limit\":2}}");
        assertThat(query.value("where")).isEqualTo(new Value.Text("a"));
        assertThat(query.value("subset")).isEqualTo(new Value.Fields(Map.of("limit", "2")));
        assertThat(withBody("", "{\"subset\":null}").value("subset")).isNull();
        assertThat(withBody("", "{\"subset\":{}}").value("subset")).isEqualTo(new Value.Fields(Map.of()));
        assertThat(withBody("", "{\"subset\":3}").value("subset")).isEqualTo(new Value.Misfit());
    }

    @Test
    void doesNotPrintValues() throws Exception {
        assertThat(Query.parse("secret=hunter2").toString()).doesNotContain("hunter2");
    }
}
