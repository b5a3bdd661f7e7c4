package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.TestPostgres;
import electric.sync.change.Collation;
import electric.sync.value.CaseMapping;
import electric.sync.value.NotExact;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CaseMappingsTest {
    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final AtomicInteger asked = new AtomicInteger();
    private final CaseMappings casings = new CaseMappings(() -> {
        asked.incrementAndGet();
        return postgres.connect(database);
    });

    @Test
    void asksTheDatabaseOncePerCollation() throws SQLException {
        Collation letters = collation("own", "C.UTF-8");
        postgres.sql(database, "CREATE COLLATION own (provider = libc, locale = 'C.UTF-8')");

        CaseMapping casing = casings.of(letters);
        casings.of(letters);

        assertThat(casing.lower("ÀB\u0130ΣĄ𐐀ß")).isEqualTo(postgresSays("lower"));
        assertThat(casing.upper("àbıςąß𐐨")).isEqualTo(postgresSays("upper"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void needsNobodyForAsciiAndRefusesWhatIsNotLetterByLetter() {
        assertThat(casings.of(collation("C", "C"))).isSameAs(CaseMapping.ASCII);
        assertThatThrownBy(() ->
                        casings.of(new Collation(1, "pg_catalog", "und-x-icu", Collation.Provider.ICU, "und", true)))
                .isInstanceOf(NotExact.class);
        assertThat(asked).hasValue(0);
    }

    private String postgresSays(String function) throws SQLException {
        String text = function.equals("lower") ? "ÀB\u0130ΣĄ𐐀ß" : "àbıςąß𐐨";
        try (var connection = postgres.connect(database);
                var statement = connection.prepareStatement("SELECT " + function + "(?::text COLLATE own)")) {
            statement.setString(1, text);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static Collation collation(String name, String locale) {
        return new Collation(
                2, name.equals("C") ? "pg_catalog" : "public", name, Collation.Provider.LIBC, locale, true);
    }
}
