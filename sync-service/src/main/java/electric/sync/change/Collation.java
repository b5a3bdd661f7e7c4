package electric.sync.change;

import java.util.Set;

/**
 * By which rules the text of a column is compared, and its letters change case.
 *
 * @param oid of {@code pg_collation}; that of {@code default} stands for the database's
 * @param locale the database's own where the collation is {@code default}
 */
public record Collation(int oid, String schema, String name, Provider provider, String locale, boolean deterministic) {
    private static final Set<String> BYTEWISE = Set.of("C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8");

    /** Who knows the rules. */
    public enum Provider {
        LIBC,
        ICU,
        BUILTIN
    }

    /** Whether text is in the order of its UTF-8 bytes. */
    public boolean bytewise() {
        return provider != Provider.ICU && BYTEWISE.contains(locale);
    }

    /** Whether only the letters of ASCII have a case. */
    public boolean asciiCase() {
        return provider != Provider.ICU && (locale.equals("C") || locale.equals("POSIX"));
    }
}
