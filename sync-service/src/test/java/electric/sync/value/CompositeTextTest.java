package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompositeTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "(,) | true | false",
                "(1,) | false | false",
                "(,1) | false | false",
                "(1,2) | false | true",
                "(1,\"\") | false | true",
                "(\"a,\",b) | false | true",
                "(\"a,\"\",\",) | false | false",
                "(\"a\"\"\",\"\\\\\") | false | true",
                "(\"\"\"\"\"\",\"(,)\") | false | true",
            })
    void knowsWhichFieldsAreNull(String text, boolean every, boolean none) {
        byte[] bytes = ("x" + text).getBytes(StandardCharsets.UTF_8);
        assertThat(CompositeText.everyFieldIsNull(bytes, 1, bytes.length - 1)).isEqualTo(every);
        assertThat(CompositeText.noFieldIsNull(bytes, 1, bytes.length - 1)).isEqualTo(none);
    }

    @Test
    void aValueWithoutFieldsIsWrittenAsOneWhoseOnlyFieldIsNull() {
        byte[] bytes = {'(', ')'};
        assertThat(CompositeText.everyFieldIsNull(bytes, 0, 2)).isTrue();
        assertThatThrownBy(() -> CompositeText.noFieldIsNull(bytes, 0, 2)).isInstanceOf(NotExact.class);
    }
}
