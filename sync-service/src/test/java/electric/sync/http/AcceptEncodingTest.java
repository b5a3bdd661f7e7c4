package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.coding.Coding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                              | GZIP",
                "x-gzip                            | GZIP",
                "GZIP ; Q=1.000                    | GZIP",
                "gzip, deflate, br                 | GZIP",
                "gzip, deflate, br, zstd           | ZSTD",
                "gzip;q=0.9, zstd;q=0.5            | GZIP",
                "zstd;q=0, gzip                    | GZIP",
                "gzip;q=0, zstd;q=0                | IDENTITY",
                "gzip;q=0.5, identity              | IDENTITY",
                "gzip;q=0.5, identity;q=0.1        | GZIP",
                "identity;q=0, gzip;q=0.001        | GZIP",
                "identity;q=0, br                  | IDENTITY",
                "br, deflate                       | IDENTITY",
                "*                                 | GZIP",
                "*;q=0                             | IDENTITY",
                "*;q=0.1, gzip;q=0                 | IDENTITY",
                "gzip;q=2                          | IDENTITY",
                "gzip;q=nonsense                   | IDENTITY",
                "gzip;level=9                      | IDENTITY",
                "gzipped, ;, =                     | IDENTITY",
                "''                                | IDENTITY",
            })
    void takesWhatTheClientLikesBest(String line, Coding expected) {
        assertThat(AcceptEncoding.of(List.of(line)).best(coding -> true)).isEqualTo(expected);
    }

    @Test
    void readsAllLinesAndNoneIsIdentity() {
        assertThat(AcceptEncoding.of(List.of("br", "gzip")).best(coding -> true))
                .isEqualTo(Coding.GZIP);
        assertThat(AcceptEncoding.of(List.of()).best(coding -> true)).isEqualTo(Coding.IDENTITY);
    }

    @Test
    void takesGzipWhereThereIsNoZstd() {
        assertThat(AcceptEncoding.of(List.of("zstd, gzip;q=0.5")).best(coding -> coding != Coding.ZSTD))
                .isEqualTo(Coding.GZIP);
    }

    @Test
    void knowsWhoRefusesPlainBytes() {
        assertThat(AcceptEncoding.of(List.of("gzip")).accepts(Coding.IDENTITY)).isTrue();
        assertThat(AcceptEncoding.of(List.of("gzip, identity;q=0")).accepts(Coding.IDENTITY))
                .isFalse();
        assertThat(AcceptEncoding.of(List.of("gzip, *;q=0")).accepts(Coding.IDENTITY))
                .isFalse();
    }
}
