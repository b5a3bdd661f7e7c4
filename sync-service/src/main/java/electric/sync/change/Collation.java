package electric.sync.change;

import java.util.Set;

/**
 * By which rules the text of a column is compared, and its letters change case.
 *
 * @param oid of {@code pg_collation}; that of {@code default} stands for the database's
 * @param locale by which text is ordered; the database's own where the collation is {@code default}
 * @param letters the locale by which letters change case
 */
public record Collation(
        int oid, String schema, String name, Provider provider, String locale, String letters, boolean deterministic) {
    private static final Set<String> BYTEWISE = Set.of("C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8", "PG_UNICODE_FAST");

    /** One locale for order and letters. */
    public Collation(int oid, String schema, String name, Provider provider, String locale, boolean deterministic) {
        this(oid, schema, name, provider, locale, locale, deterministic);
    }

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
        return provider != Provider.ICU && (letters.equals("C") || letters.equals("POSIX"));
    }
}
