package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CFG-001 to CFG-004. */
class DatabaseUrlTest {
    @Test
    void readsEveryPart() {
        assertThat(DatabaseUrl.parse("postgresql://ann:s3cret@db.example.com:6543/shop?sslmode=require"))
                .isEqualTo(new DatabaseUrl(
                        "db.example.com", 6543, "ann", Optional.of(new Password("s3cret")), "shop", SslMode.REQUIRE));
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://ann@db",
        "postgres://ann@db/",
        "postgres://ann@db:/",
        "POSTGRES://ann@db",
        "postgres://ann@db#x"
    })
    void defaultsThePortTheDatabaseAndThePassword(String text) {
        assertThat(DatabaseUrl.parse(text))
                .isEqualTo(new DatabaseUrl("db", 5432, "ann", Optional.empty(), "ann", SslMode.PREFER));
    }

    @Test
    void decodesUserPasswordAndDatabase() {
        DatabaseUrl url =
                DatabaseUrl.parse("postgres://user%2Btesting%40gmail.com:weird%2Fpass+w%C3%B6rd@db/my%20db%2F1");
        assertThat(url.user()).isEqualTo("user+testing@gmail.com");
        assertThat(url.password()).contains(new Password("weird/pass+wörd"));
        assertThat(url.database()).isEqualTo("my db/1");
        assertThat(DatabaseUrl.parse("postgres://a%40b@db").database()).isEqualTo("a@b");
    }

    @Test
    void takesAnUnescapedAtSignAsPartOfThePassword() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://ann:p@ss@db/shop");
        assertThat(url.host()).isEqualTo("db");
        assertThat(url.password()).contains(new Password("p@ss"));
    }

    @Test
    void keepsAnEmptyPasswordApartFromNone() {
        assertThat(DatabaseUrl.parse("postgres://ann:@db").password()).contains(new Password(""));
    }

    @Test
    void storesAnIpv6LiteralWithoutBrackets() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://ann@[2001:db8::1]:6432/shop");
        assertThat(url.host()).isEqualTo("2001:db8::1");
        assertThat(url.port()).isEqualTo(6432);
        assertThat(DatabaseUrl.parse("postgres://ann@[::1]").port()).isEqualTo(5432);
    }

    @ParameterizedTest
    @CsvSource({
        "'', PREFER",
        "sslmode=disable, DISABLE",
        "sslmode=allow, ALLOW",
        "sslmode=prefer, PREFER",
        "sslmode=require, REQUIRE",
        "uselibpqcompat=true&options=-c%20a%3Db&sslmode=disable&pgbouncer=true&connection_limit=%zz, DISABLE",
        "sslmode=disable&sslmode=require, REQUIRE",
        "SSLMODE=nonsense, PREFER",
    })
    void looksOnlyAtTheSslModeOfTheQuery(String query, SslMode expected) {
        assertThat(DatabaseUrl.parse("postgres://ann@db/shop?" + query).sslMode())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgrex://ann@db | invalid URL scheme: \"postgrex\"",
                "http://ann@db | invalid URL scheme: \"http\"",
                "//ann@db | invalid URL scheme: \"\"",
                "nonsense | invalid URL scheme: \"\"",
                "`` | invalid URL scheme: \"\"",
                "` postgres://ann@db` | invalid URL scheme: \"\"",
                "postgres:///shop | missing host",
                "postgres:shop | missing host",
                "postgres:// | missing host",
                "postgres://ann:pass@ | missing host",
                "postgres://ann:pass@:5432/shop | missing host",
                "postgres://ann:pass@[]/shop | missing host",
                "postgres://ann:pass@[::1/shop | invalid port: must be a number between 1 and 65535",
                "postgres://db | invalid or missing username",
                "postgres://@db | invalid or missing username",
                "postgres://:pass@db | invalid or missing username",
                "postgres://ann:pass | invalid or missing username",
                "postgres://ann:pa:ss@db | invalid or missing username",
                "postgres://ann:s3cr/et@db/shop | invalid or missing username",
                "postgres://ann@db:port/shop | invalid port: must be a number between 1 and 65535",
                "postgres://ann@db:0/shop | invalid port: must be a number between 1 and 65535",
                "postgres://ann@db:65536/shop | invalid port: must be a number between 1 and 65535",
                "postgres://ann@db:-1/shop | invalid port: must be a number between 1 and 65535",
                "postgres://a%zz@db | invalid percent-encoding in username",
                "postgres://ann:%f@db | invalid percent-encoding in password",
                "postgres://ann:%ff@db | invalid percent-encoding in password",
                "postgres://ann@db/%00 | invalid percent-encoding in database name",
                "postgres://ann@db?sslmode=yesplease | invalid \"sslmode\" value: \"yesplease\"",
                "postgres://ann@db?sslmode= | invalid \"sslmode\" value: \"\"",
                "postgres://ann@db?sslmode=REQUIRE | invalid \"sslmode\" value: \"REQUIRE\"",
                "postgres://ann@db?sslmode=verify-ca | unsupported \"sslmode\" value \"verify-ca\". Use sslmode=require and set the ELECTRIC_DATABASE_CA_CERTIFICATE_FILE config to ensure Electric verifies database server identity",
                "postgres://ann@db?sslmode=verify-full | unsupported \"sslmode\" value \"verify-full\". Use sslmode=require and set the ELECTRIC_DATABASE_CA_CERTIFICATE_FILE config to ensure Electric verifies database server identity",
                "postgres://ann@db?replication=database | unsupported \"replication\" query option. Electric opens both a replication connection and regular connections to Postgres as needed",
                "postgres://ann@db?sslmode=require&replication | unsupported \"replication\" query option. Electric opens both a replication connection and regular connections to Postgres as needed",
            })
    void refusesWhatItCannotUseAndSaysWhy(String text, String message) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void neverShowsThePassword() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://ann:s3cret@db/shop");
        assertThat(url.toString()).doesNotContain("s3cret").contains("[hidden]");
        assertThat(url.password().orElseThrow().reveal()).isEqualTo("s3cret");
    }
}
