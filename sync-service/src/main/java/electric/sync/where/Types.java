package electric.sync.where;

import electric.sync.change.ValueType;
import electric.sync.value.PgType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types whose values can be calculated with. */
public final class Types {
    public static final Type.Known BOOL = new Type.Known("bool", PgType.BOOL);
    public static final Type.Known INT2 = new Type.Known("int2", PgType.INT2);
    public static final Type.Known INT4 = new Type.Known("int4", PgType.INT4);
    public static final Type.Known INT8 = new Type.Known("int8", PgType.INT8);
    public static final Type.Known FLOAT4 = new Type.Known("float4", PgType.FLOAT4);
    public static final Type.Known FLOAT8 = new Type.Known("float8", PgType.FLOAT8);
    public static final Type.Known NUMERIC = new Type.Known("numeric", PgType.NUMERIC);
    public static final Type.Known TEXT = new Type.Known("text", PgType.TEXT);
    public static final Type.Known VARCHAR = new Type.Known("varchar", PgType.TEXT);
    public static final Type.Known BPCHAR = new Type.Known("bpchar", PgType.BPCHAR);
    public static final Type.Known NAME = new Type.Known("name", PgType.TEXT);
    public static final Type.Known UUID = new Type.Known("uuid", PgType.UUID);
    public static final Type.Known BYTEA = new Type.Known("bytea", PgType.BYTEA);
    public static final Type.Known DATE = new Type.Known("date", PgType.DATE);
    public static final Type.Known TIME = new Type.Known("time", PgType.TIME);
    public static final Type.Known TIMETZ = new Type.Known("timetz", PgType.TIMETZ);
    public static final Type.Known TIMESTAMP = new Type.Known("timestamp", PgType.TIMESTAMP);
    public static final Type.Known TIMESTAMPTZ = new Type.Known("timestamptz", PgType.TIMESTAMPTZ);
    public static final Type.Known INTERVAL = new Type.Known("interval", PgType.INTERVAL);

    public static final Type.Known JSON = new Type.Known("json", PgType.JSON);
    public static final Type.Known JSONB = new Type.Known("jsonb", PgType.JSONB);
    public static final Type.Known INET = new Type.Known("inet", PgType.INET);
    public static final Type.Known CIDR = new Type.Known("cidr", PgType.CIDR);
    public static final Type.Known MACADDR = new Type.Known("macaddr", PgType.MACADDR);

    private static final Map<String, Type.Known> KNOWN = List.of(
                    BOOL,
                    INT2,
                    INT4,
                    INT8,
                    FLOAT4,
                    FLOAT8,
                    NUMERIC,
                    TEXT,
                    VARCHAR,
                    BPCHAR,
                    NAME,
                    UUID,
                    BYTEA,
                    DATE,
                    TIME,
                    TIMETZ,
                    TIMESTAMP,
                    TIMESTAMPTZ,
                    INTERVAL,
                    JSON,
                    JSONB,
                    INET,
                    CIDR,
                    MACADDR)
            .stream()
            .collect(Collectors.toMap(Type.Known::name, Function.identity()));

    private Types() {}

    /** Of a column. */
    public static Type of(ValueType values) {
        return switch (values) {
            case ValueType.BuiltIn builtIn -> builtIn(builtIn.name());
            case ValueType.Enumerated e -> new Type.Enumerated(e.oid(), e.schema(), e.name(), e.labels());
            case ValueType.Array array -> new Type.Array(of(array.element()), array.domain());
            case ValueType.Composite row -> new Type.Opaque(foreignName(row.name()), true);
            case ValueType.Other other -> new Type.Opaque(foreignName(other.name()));
        };
    }

    /** A type that the database's owner gave the name of a built-in one is still another. */
    private static String foreignName(String name) {
        boolean taken = KNOWN.containsKey(name) || Catalogue.hasType(name);
        return taken ? "other type " + name : name;
    }

    /** Whether there is equality and an order of its values. */
    static boolean isComparable(Type type) {
        return type instanceof Type.Array array ? isComparable(array.element()) : !type.equals(JSON);
    }

    /** @param name its {@code typname} */
    static Type builtIn(String name) {
        return Optional.<Type>ofNullable(KNOWN.get(name)).orElseGet(() -> new Type.Opaque(name));
    }
}
