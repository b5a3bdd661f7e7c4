package electric.sync.value;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Letters as Postgres's collations see them. */
final class LettersTest {
    private static final Letters LIBC =
            Letters.libc(new CaseMapping(Map.of((int) 'É', (int) 'é'), Map.of((int) 'é', (int) 'É')));

    @Test
    void capitalizesWordsAsPostgresUnlessTheLocaleDecides() {
        Random random = Agreement.random();
        String letters = "aB1 -_éÉ日\u2003z'";
        Agreement agreement = new Agreement();
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(7); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            agreement.add("initcap(" + Agreement.quote(text.toString()) + ")", () -> LIBC.capitalized(text.toString()));
            agreement.add(
                    "initcap(" + Agreement.quote(text.toString()) + " COLLATE \"C\")",
                    () -> Letters.ASCII.capitalized(text.toString()));
        }
        agreement.holds(0.2);
    }
}
