package electric.sync.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedTest {
    // HTTP-024
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secret=abc | secret=[REDACTED]",
                "table=a&secret=abc&offset=-1 | table=a&secret=[REDACTED]&offset=-1",
                "SECRET=a&Api_Secret=b&token=c&access_token=d&api_key=e&password=f | SECRET=[REDACTED]&Api_Secret=[REDACTED]&token=[REDACTED]&access_token=[REDACTED]&api_key=[REDACTED]&password=[REDACTED]",
                "secret= | secret=[REDACTED]",
                "secret=a=b'\"c | secret=[REDACTED]",
                "%73ecret=abc | %73ecret=[REDACTED]",
                "token[a]=x&table=a | token[a]=[REDACTED]&table=a",
                "%74oken%5Ba]=x | %74oken%5Ba]=[REDACTED]",
                "params[1]=x | params[1]=x",
                "secret=ab#cd | secret=[REDACTED]",
                "%zz=abc | %zz=abc",
                "GET /v1/shape?table=a&secret=abc took 3 ms | GET /v1/shape?table=a&secret=[REDACTED] took 3 ms",
                "secret | secret",
                "secrets=a&my_secret=b&where=token_count=1 | secrets=a&my_secret=b&where=token_count=1",
                "postgres://ann:s3cret@db/shop | postgres://ann:[REDACTED]@db/shop",
                "postgres://ann:p@ss@db | postgres://ann:[REDACTED]@db",
                "postgres://ann@db:5432/shop | postgres://ann@db:5432/shop",
                "jdbc:postgresql://db/shop?user=ann&password=s3cret | jdbc:postgresql://db/shop?user=ann&password=[REDACTED]",
                "`` | ``",
            })
    void hidesWhatIsSecretAndNothingElse(String text, String expected) {
        assertThat(Redacted.text(text)).isEqualTo(expected);
    }
}
