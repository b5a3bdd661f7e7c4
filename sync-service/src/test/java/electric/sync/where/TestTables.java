package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.value.CaseMapping;
import electric.sync.value.NotExact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables for filters, by the names of their types. */
public final class TestTables {
    static final Collation DEFAULT =
            new Collation(100, "pg_catalog", "default", Collation.Provider.LIBC, "C.UTF-8", true);
    static final Collation C = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);
    static final Collation EN = new Collation(12_345, "pg_catalog", "en-x-icu", Collation.Provider.ICU, "en", true);
    static final Collation LOOSE =
            new Collation(54_321, "public", "loose", Collation.Provider.ICU, "und-u-ks-level2", false);
    static final ValueType MOOD = new ValueType.Enumerated(98_765, "public", "mood", List.of("sad", "ok", "happy"));

    private static final CaseMapping UNICODE = unicode();

    private TestTables() {}

    /** @param columns name to type as in {@code CREATE TABLE} */
    public static Table of(Map<String, String> columns) {
        List<Table.Column> list = new ArrayList<>();
        columns.forEach((name, type) -> list.add(column(name, type)));
        return new Table(1, new RelationName("public", "items"), false, list, List.of(), DEFAULT);
    }

    private static Table.Column column(String name, String declared) {
        String bare = declared.replace(" PRIMARY KEY", "");
        int collate = bare.indexOf(" COLLATE ");
        String type = collate < 0 ? bare : bare.substring(0, collate);
        Collation collation = collate < 0 ? DEFAULT : collation(bare.substring(collate + " COLLATE ".length()));
        boolean array = type.endsWith("[]");
        ValueType element = element(array ? type.substring(0, type.length() - 2) : type);
        ValueType values = array ? new ValueType.Array(element) : element;
        return new Table.Column(
                name,
                0,
                -1,
                type,
                array ? 1 : 0,
                false,
                Table.Generated.NO,
                -1,
                values,
                isText(element) ? type.equals("name") ? C : collation : null);
    }

    private static Collation collation(String name) {
        return switch (name) {
            case "\"C\"" -> C;
            case "\"en-x-icu\"" -> EN;
            case "loose" -> LOOSE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ValueType element(String type) {
        String name = type.replaceAll("\\(.*", "");
        return switch (name) {
            case "mood" -> MOOD;
            case "char" -> new ValueType.BuiltIn("bpchar");
            case "citext" -> new ValueType.Other(name);
            default -> new ValueType.BuiltIn(name);
        };
    }

    private static boolean isText(@Nullable ValueType type) {
        return type instanceof ValueType.BuiltIn builtIn
                && List.of("text", "varchar", "bpchar", "name").contains(builtIn.name());
    }

    /** As the database of the conformance data has it. */
    public static CaseMapping casing(Collation collation) {
        if (collation.provider() == Collation.Provider.ICU) {
            throw new NotExact("the letters of " + collation.name());
        }
        return collation.asciiCase() ? CaseMapping.ASCII : UNICODE;
    }

    /** Of {@code C.UTF-8}: each code point by itself. */
    private static CaseMapping unicode() {
        Map<Integer, Integer> lower = new HashMap<>();
        Map<Integer, Integer> upper = new HashMap<>();
        for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.toLowerCase(c) != c) {
                lower.put(c, Character.toLowerCase(c));
            }
            if (Character.toUpperCase(c) != c) {
                upper.put(c, Character.toUpperCase(c));
            }
        }
        return new CaseMapping(lower, upper);
    }
}
