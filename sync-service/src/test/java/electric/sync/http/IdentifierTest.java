package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.change.RelationName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP-070 … HTTP-080. */
final class IdentifierTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Foo | public | foo",
                "\"Foo\" | public | Foo",
                "foo.bar | foo | bar",
                "\"foo.woah\".\"bar\" | foo.woah | bar",
                "electric_test.\"issues for 1_ab\" | electric_test | issues for 1_ab",
                "\"has\"\"quote\" | public | has\"quote",
                "_val1d_schëmaΦ$.Φtàble | _val1d_schëmaΦ$ | Φtàble",
                "ÄB | public | Äb",
            })
    void readsTheNameOfATable(String text, String schema, String name) throws Exception {
        assertThat(Identifier.parseTable(text)).isEqualTo(new RelationName(schema, name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "a.b.c | Invalid relation identifier, too many delimiters: a.b.c",
                "foob@r | Invalid unquoted identifier contains special characters: foob@r",
                "1a | Invalid unquoted identifier contains special characters: 1a",
                "\"a\"b\" | Invalid identifier with unescaped quote: a\"b",
                "\"foo\".\"bar | Invalid unquoted identifier contains special characters: \"bar",
                "foo. | Invalid zero-length delimited identifier",
                ".foo | Invalid zero-length delimited identifier",
                "\"\" | Invalid zero-length delimited identifier",
                "'' | Invalid zero-length delimited identifier",
            })
    void refusesWhatIsNoNameOfATable(String text, String reason) {
        assertThatThrownBy(() -> Identifier.parseTable(text))
                .isInstanceOfSatisfying(
                        Identifier.Malformed.class,
                        malformed -> assertThat(malformed.reason()).isEqualTo(reason));
    }

    @Test
    void refusesNamesLongerThanPostgresKeeps() throws Exception {
        assertThat(Identifier.parse("x".repeat(63))).hasSize(63);
        assertThat(Identifier.parse("ë".repeat(63))).hasSize(63);
        assertThatThrownBy(() -> Identifier.parse("x".repeat(64)))
                .hasMessage("Identifier is too long (max length is 63)");
        assertThatThrownBy(() -> Identifier.parse('"' + "x".repeat(64) + '"'))
                .hasMessage("Identifier is too long (max length is 63)");
    }

    @Test
    void splitsColumnsAtCommasOutsideQuotes() throws Exception {
        assertThat(Identifier.parseList("\"id\",\"has,comma\",\"has\"\"quote\",Plain"))
                .containsExactly("id", "has,comma", "has\"quote", "plain");
    }

    @Test
    void doesNotTrimColumns() {
        assertThatThrownBy(() -> Identifier.parseList("id, name"))
                .hasMessage("Invalid unquoted identifier contains special characters:  name");
        assertThatThrownBy(() -> Identifier.parseList("id,")).hasMessage("Invalid zero-length delimited identifier");
    }
}
