package electric.sync.pg;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.change.Row;
import org.junit.jupiter.api.Test;

class CopiedRowTest {
    @Test
    void splitsValuesWithoutCopyingThem() {
        byte[] line = "1\tzwölf\t\t€\n".getBytes(UTF_8);
        Row row = CopiedRow.parse(line, 4);

        assertThat(row.text(0)).isEqualTo("1");
        assertThat(row.text(1)).isEqualTo("zwölf");
        assertThat(row.text(2)).isEmpty();
        assertThat(row.text(3)).isEqualTo("€");
        assertThat(row.bytes(1)).isSameAs(line);
    }

    @Test
    void resolvesEscapesAndNulls() {
        Row row = CopiedRow.parse(
                "plain\t\\N\ta\\\\b\\tc\\nd\\re\\bf\\fg\\vh\t\\\\N\t\t\\\\x00ff\tlast\n".getBytes(UTF_8), 7);

        assertThat(row.text(0)).isEqualTo("plain");
        assertThat(row.isNull(1)).isTrue();
        assertThat(row.text(2)).isEqualTo("a\\b\tc\nd\re\bf\fg\u000Bh");
        assertThat(row.text(3)).isEqualTo("\\N");
        assertThat(row.isNull(4)).isFalse();
        assertThat(row.text(4)).isEmpty();
        assertThat(row.text(5)).isEqualTo("\\x00ff");
        assertThat(row.text(6)).isEqualTo("last");
    }

    @Test
    void readsRowsOfOneColumn() {
        assertThat(CopiedRow.parse("\n".getBytes(UTF_8), 1).text(0)).isEmpty();
        assertThat(CopiedRow.parse("\\N\n".getBytes(UTF_8), 1).isNull(0)).isTrue();
        assertThat(CopiedRow.parse("\\n\n".getBytes(UTF_8), 1).text(0)).isEqualTo("\n");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> CopiedRow.parse("1\t2\n".getBytes(UTF_8), 3))
                .isInstanceOf(IllegalStateException.class);
    }
}
