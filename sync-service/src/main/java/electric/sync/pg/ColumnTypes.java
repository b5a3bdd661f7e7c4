package electric.sync.pg;

import electric.sync.change.ValueType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What types of columns come down to, as the catalog says it. */
final class ColumnTypes {
    /** The oids below it are Postgres's own on every server. */
    private static final int FIRST_NORMAL_OID = 16_384;

    /** An array is a type that its element calls its array: there are others that only have elements. */
    private static final String CLOSURE = """
            WITH RECURSIVE known (oid) AS (
                SELECT unnest(?::oid[])
                UNION
                SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END
                FROM known JOIN pg_type t ON t.oid = known.oid
                WHERE t.typtype = 'd' OR t.typelem <> 0
            )
            SELECT t.oid::int8, n.nspname, t.typname, t.typtype,
                CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN e.typarray = t.oid THEN e.oid ELSE 0 END::int8,
                ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder)
            FROM known
            JOIN pg_type t ON t.oid = known.oid
            JOIN pg_namespace n ON n.oid = t.typnamespace
            LEFT JOIN pg_type e ON e.oid = t.typelem""";

    /** @param within the base of a domain, the element of an array; 0 for none */
    private record Described(String schema, String name, char kind, int within, List<String> labels) {}

    private final Map<Integer, Described> described;

    private ColumnTypes(Map<Integer, Described> described) {
        this.described = described;
    }

    static ColumnTypes read(Connection connection, Collection<Integer> oids, int limitSeconds) throws SQLException {
        Map<Integer, Described> described = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(CLOSURE)) {
            statement.setQueryTimeout(limitSeconds);
            statement.setString(
                    1, oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}")));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    described.put(
                            (int) row.getLong(1),
                            new Described(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4).charAt(0),
                                    (int) row.getLong(5),
                                    List.of((String[]) row.getArray(6).getArray())));
                }
            }
        }
        return new ColumnTypes(described);
    }

    ValueType of(int oid) {
        Described type = described.get(oid);
        if (type == null) {
            return new ValueType.Other("dropped");
        }
        if (type.kind == 'd') {
            return of(type.within);
        }
        if (type.within != 0) {
            // An array within another, by way of a domain, is no array of more dimensions.
            ValueType element = of(type.within);
            return element instanceof ValueType.Array
                    ? new ValueType.Other(type.name)
                    : new ValueType.Array(element, domain(type.within));
        }
        if (type.kind == 'e') {
            return new ValueType.Enumerated(oid, type.schema, type.name, type.labels);
        }
        if (type.kind == 'c') {
            return new ValueType.Composite(type.name);
        }
        return Integer.compareUnsigned(oid, FIRST_NORMAL_OID) < 0 && type.schema.equals("pg_catalog")
                ? new ValueType.BuiltIn(type.name)
                : new ValueType.Other(type.name);
    }

    private ValueType.@Nullable Domain domain(int oid) {
        Described type = described.get(oid);
        return type != null && type.kind == 'd' ? new ValueType.Domain(oid, type.schema, type.name) : null;
    }
}
