package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import electric.sync.change.Table;
import electric.sync.log.LogOffset;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeDefinition.LogMode;
import electric.sync.shape.ShapeDefinition.Replica;
import electric.sync.value.CaseMapping;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** HTTP-054 … HTTP-069 and HTTP-081 … HTTP-086. */
final class ShapeParametersTest {
    private static String errors(String query) {
        InvalidParameters invalid =
                catchThrowableOfType(InvalidParameters.class, () -> ShapeParameters.parse(Query.parse(query)));
        return JsonMapper.shared().writeValueAsString(invalid.errors());
    }

    private static ShapeParameters parse(String query) throws Exception {
        return ShapeParameters.parse(Query.parse(query));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "'' | {\"offset\":[\"can't be blank\"]}",
                "offset=%20&table=items | {\"offset\":[\"can't be blank\"]}",
                "offset=-1 | {\"table\":[\"can't be blank\"]}",
                "offset=-1&table=+ | {\"table\":[\"can't be blank\"]}",
                "table=items&offset=invalid | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=10 | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=1_2_3 | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=1_2%20 | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=10_32.1 | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=-1_1 | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=NOW | {\"offset\":[\"has invalid format\"]}",
                "table=items&offset=0_0 | {\"handle\":[\"can't be blank when offset != -1\"]}",
                "table=items&offset=-1&live=true | {\"live\":[\"can't be true when offset == -1\"]}",
                "table=items&offset=-1&live | {\"live\":[\"can't be true when offset == -1\"]}",
                "table=items&offset=-1&live=0 | {\"live\":[\"can't be true when offset == -1\"]}",
                "table=items&offset=now&live=true | {\"live\":[\"can't be true when offset is 'now'\"]}",
                "table=items&offset=0_0&handle=x&live_sse=true | {\"live_sse\":[\"can't be true unless live is also true\"]}",
                "table=items&offset=0_0&handle=x&experimental_live_sse=1 | {\"live_sse\":[\"can't be true unless live is also true\"]}",
                "table=items&offset=0_0&handle=x&experimental_live_sse=x | {\"live_sse\":[\"is invalid\"]}",
                "table=items&offset=-1&replica=dunno | {\"replica\":[\"is invalid\"]}",
                "table=items&offset=-1&log=some | {\"log\":[\"is invalid\"]}",
                "table=items&offset=-1&experimental_compaction=x | {\"experimental_compaction\":[\"is invalid\"]}",
                "table=items&offset=-1&params=x | {\"params\":[\"is invalid\"]}",
                "table=items&offset=-1&subset=x | {\"subset\":[\"is invalid\"]}",
                "table[a]=items&offset=-1 | {\"table\":[\"is invalid\"]}",
                "replica=x | {\"replica\":[\"is invalid\"],\"offset\":[\"can't be blank\"]}",
                "offset=-1&table=items&columns=id, | {\"columns\":[\"Invalid zero-length delimited identifier\"]}",
                "offset=-1&table=a.b.c | {\"table\":[\"Invalid relation identifier, too many delimiters: a.b.c\"]}",
                "offset=-1&table=items&subset__limit=x&subset__offset=1.5 | {\"subset\":{\"limit\":[\"is invalid\"],\"offset\":[\"is invalid\"]}}",
            })
    void saysWhatIsWrong(String query, String expected) {
        assertThat(errors(query)).isEqualTo(expected);
    }

    // HTTP-059
    @ParameterizedTest
    @CsvSource({
        "0_02, 0_2",
        "0_inf, 0_inf",
        "-1_0, -1",
        "+1_+2, 1_2",
        "18446744073709551615_0, 18446744073709551615_0",
        "99999999999999999999999_0, 18446744073709551615_0",
    })
    void readsOffsets(String text, String canonical) throws Exception {
        String encoded = text.replace("+", "%2B");
        assertThat(parse("table=items&handle=h&offset=" + encoded).offset()).hasToString(canonical);
    }

    // HTTP-061
    @ParameterizedTest
    @ValueSource(strings = {"-1", "now"})
    void ignoresTheHandleWhereThereIsNoPositionYet(String offset) throws Exception {
        ShapeParameters parameters = parse("table=items&handle=h&offset=" + offset);
        assertThat(parameters.handle()).isNull();
        assertThat(parameters.offset()).isEqualTo(LogOffset.BEFORE_ALL);
        assertThat(parameters.now()).isEqualTo(offset.equals("now"));
    }

    // HTTP-064
    @ParameterizedTest
    @CsvSource({"live, true", "live=, true", "live=0, true", "live=true, true", "live=false, false", "x, false"})
    void isLiveUnlessItSaysFalse(String parameter, boolean live) throws Exception {
        assertThat(parse("table=items&handle=h&offset=1_0&" + parameter).live()).isEqualTo(live);
    }

    // HTTP-054, HTTP-056
    @Test
    void ignoresWhatItDoesNotKnowAndWhatIsBlank() throws Exception {
        ShapeParameters parameters = parse("table=items&offset=-1&cache-buster=1&expired_handle=x&foo[bar]=1&columns=+"
                + "&replica=&where=%20&subset__where_expr=%7B%7D&subset__limit=&cursor[a]=b&live_sse=false");
        assertThat(parameters.definition().columns()).isNull();
        assertThat(parameters.definition().where()).isNull();
        assertThat(parameters.definition().replica()).isEqualTo(Replica.DEFAULT);
    }

    private static SubsetParameters subset(String query) throws Exception {
        return Objects.requireNonNull(parse("table=items&offset=-1&" + query).subset());
    }

    // HTTP-241, HTTP-242
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subset__limit=0 | {subset={limit=[must be greater than 0], order_by=[order_by is required when limit or offset is present]}}",
                "subset__limit=-99999999999999999999&subset__order_by=id | {subset={limit=[must be greater than 0]}}",
                "subset__offset=-1&subset__order_by=id | {subset={offset=[must be greater than or equal to 0]}}",
                "subset__offset=3 | {subset={order_by=[order_by is required when limit or offset is present]}}",
            })
    void saysWhatIsWrongWithAPage(String query, String expected) throws Exception {
        SubsetParameters subset = subset(query);
        assertThatThrownBy(subset::check)
                .isInstanceOfSatisfying(
                        InvalidParameters.class,
                        invalid -> assertThat(invalid.errors().toString()).isEqualTo(expected));
    }

    // HTTP-243
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | params must be valid JSON",
                "[] | params must be a JSON object",
                "7 | params must be a JSON object",
                "{\"a\":\"x\"} | Parameters can only use numbers as keys",
                "{\"2\":\"x\"} | Parameters must be numbered sequentially, starting from 1",
                "{\"1\":{}} | parameter 1 must be a string, a number, true or false",
                "{\"1\":null} | parameter 1 must be a string, a number, true or false",
            })
    void saysWhatIsWrongWithTheParametersOfASubset(String params, String expected) throws Exception {
        SubsetParameters subset = subset("subset__params=" + URLEncoder.encode(params, StandardCharsets.UTF_8));
        assertThatThrownBy(subset::positionalParams)
                .isInstanceOfSatisfying(
                        InvalidParameters.class,
                        invalid -> assertThat(invalid.errors().toString())
                                .isEqualTo("{subset={params=[" + expected + "]}}"));
    }

    @Test
    void takesTheParametersOfASubsetAsText() throws Exception {
        String params = "{\"2\":12345678901234567890,\"1\":\"it's\",\"3\":true,\"4\":1.5}";
        assertThat(subset("subset__params=" + URLEncoder.encode(params, StandardCharsets.UTF_8))
                        .positionalParams())
                .containsExactly("it's", "12345678901234567890", "true", "1.5");
    }

    // HTTP-237
    @Test
    void aFieldOfASubsetMakesItOneHoweverEmpty() throws Exception {
        assertThat(parse("table=items&offset=-1").subset()).isNull();
        for (String field :
                List.of("subset__where=", "subset__params=%7B%7D", "subset__where_expr=%7B%7D", "subset[limit]=")) {
            assertThat(parse("table=items&offset=-1&" + field).subset()).isNotNull();
        }
    }

    private static ShapeDefinition definition(Table table, boolean generatedReplicated, String query) throws Exception {
        return parse("offset=-1&table=" + table.name() + "&" + query)
                .definition()
                .definition(table, generatedReplicated, null);
    }

    @Test
    void makesTheDefinition() throws Exception {
        ShapeDefinition definition = definition(Items.ITEMS, false, "replica=full&log=changes_only");
        assertThat(definition.columns()).containsExactly("id", "value");
        assertThat(definition.allColumns()).isTrue();
        assertThat(definition.replica()).isEqualTo(Replica.FULL);
        assertThat(definition.mode()).isEqualTo(LogMode.CHANGES_ONLY);
    }

    // HTTP-086
    @Test
    void doesNotCareForTheOrderOfColumnsNorForDuplicates() throws Exception {
        assertThat(definition(Items.ITEMS, false, "columns=value,id,id"))
                .isEqualTo(definition(Items.ITEMS, false, "columns=id,value"))
                .isNotEqualTo(definition(Items.ITEMS, false, ""));
    }

    // HTTP-085
    @Test
    void selectsTheQueryableColumnsWhenNoneAreNamed() throws Exception {
        ShapeDefinition definition = definition(Items.COMPUTED, false, "queryable_columns=id,tenant,value");
        assertThat(definition.columns()).containsExactly("tenant", "id", "value");
        assertThat(definition.allColumns()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "ITEMS | false | columns=id,invalid | {\"columns\":[\"The following columns are not found on the table: invalid\"]}",
                "ITEMS | false | columns=value | {\"columns\":[\"The list of columns must include all primary key columns, missing: id\"]}",
                "COMPUTED | false | columns=value | {\"columns\":[\"The list of columns must include all primary key columns, missing: id, tenant\"]}",
                "KEYLESS | false | columns=b | {\"columns\":[\"The list of columns must include all primary key columns, missing: a\"]}",
                "ITEMS | false | columns=id,value&queryable_columns=id | {\"columns\":[\"The following columns are not found on the table: value\"]}",
                "ITEMS | false | queryable_columns=value | {\"queryable_columns\":[\"The list of queryable columns must include all primary key columns, missing: id\"]}",
                "ITEMS | false | queryable_columns=id,x | {\"queryable_columns\":[\"The following queryable columns are not found on the table: x\"]}",
                "COMPUTED | false | columns=id,tenant,stored | {\"columns\":[\"The following columns are generated and cannot be included in the shape: stored\"]}",
                "COMPUTED | true | columns=id,tenant,stored,virtual | {\"columns\":[\"The following columns are generated and cannot be included in the shape: virtual\"]}",
                "COMPUTED | false | '' | {\"columns\":[\"The following columns are generated and cannot be included in the shape: stored, virtual. You can exclude them from the shape by explicitly listing which columns to fetch in the 'columns' query param\"]}",
            })
    void saysWhatDoesNotFitTheTable(String table, boolean generatedReplicated, String query, String expected) {
        Table described = switch (table) {
            case "ITEMS" -> Items.ITEMS;
            case "COMPUTED" -> Items.COMPUTED;
            default -> Items.KEYLESS;
        };
        InvalidParameters invalid =
                catchThrowableOfType(InvalidParameters.class, () -> definition(described, generatedReplicated, query));
        assertThat(JsonMapper.shared().writeValueAsString(invalid.errors())).isEqualTo(expected);
    }

    @Test
    @DisplayName("WHERE-095: a generated column is good for a filter where its values are replicated")
    void filtersByGeneratedColumnsWhereTheyAreReplicated() throws Exception {
        DefinitionParameters all =
                parse("offset=-1&table=computed&columns=id,tenant&where=x").definition();
        Filter stored = filter("stored = 'x' AND id = '1'");
        assertThat(all.definition(Items.COMPUTED, true, stored).filter()).isEqualTo(stored);
        assertThat(all.definition(Items.COMPUTED, true, stored).neededColumns()).contains("stored");
        InvalidParameters refused =
                catchThrowableOfType(InvalidParameters.class, () -> all.definition(Items.COMPUTED, false, stored));
        assertThat(refused.errors().get("where"))
                .hasToString(
                        "[The following columns are generated and their values are not replicated, so that no filter"
                                + " can use them: stored]");
        assertThat(catchThrowableOfType(
                                InvalidParameters.class,
                                () -> all.definition(Items.COMPUTED, true, filter("virtual IS NULL")))
                        .errors())
                .containsOnlyKeys("where");
    }

    private static Filter filter(String where) throws InvalidWhere {
        return Filter.of(where, List.of(), Items.COMPUTED, collation -> CaseMapping.ASCII)
                .orElseThrow();
    }

    // HTTP-095, WHERE-038
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "params[1]=a&params[2]=b | [a, b]",
                "params[2]=b&params%5B1%5D=a | [a, b]",
                "params[01]=a&params[2]= | [a, ]",
                "params[a]=x | Parameters can only use numbers as keys",
                "params[1.5]=x | Parameters can only use numbers as keys",
                "params[2]=x | Parameters must be numbered sequentially, starting from 1",
                "params[1]=x&params[01]=y | Parameters must be numbered sequentially, starting from 1",
                "params[0]=x | Parameters must be numbered sequentially, starting from 1",
                "params[99999999999]=x | Parameters must be numbered sequentially, starting from 1",
                "params[1]=%00 | Parameter 1 has a NUL character or is not valid Unicode",
            })
    void numbersParameters(String query, String expected) throws Exception {
        DefinitionParameters definition =
                parse("offset=-1&table=items&where=true&" + query).definition();
        String said;
        try {
            said = definition.positionalParams().toString();
        } catch (InvalidParameters e) {
            said = String.valueOf(e.errors().get("params"));
            expected = "[" + expected + "]";
        }
        assertThat(said).isEqualTo(expected);
    }

    @Test
    void numbersMoreThanTenParametersByTheirValue() throws Exception {
        String query = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> "&params[" + i + "]=" + i)
                .collect(Collectors.joining());
        assertThat(parse("offset=-1&table=items&where=true" + query)
                        .definition()
                        .positionalParams())
                .last()
                .isEqualTo("12");
    }

    // HTTP-094
    @Test
    void takesParametersOneByOneOnly() {
        assertThat(errors("offset=-1&table=items&where=true&params=%7B%221%22:%22x%22%7D"))
                .isEqualTo("{\"params\":[\"is invalid\"]}");
    }

    // HTTP-083
    @Test
    void selectsStoredColumnsWhereTheDatabaseReplicatesThem() throws Exception {
        assertThat(definition(Items.COMPUTED, true, "columns=id,tenant,stored").columns())
                .containsExactly("tenant", "id", "stored");
    }
}
