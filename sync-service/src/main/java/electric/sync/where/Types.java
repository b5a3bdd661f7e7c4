package electric.sync.where;

import electric.sync.value.PgType;

/** The types that the language itself speaks of. */
public final class Types {
    public static final Type.Known BOOL = new Type.Known("bool", PgType.BOOL);
    public static final Type.Known INT4 = new Type.Known("int4", PgType.INT4);
    public static final Type.Known INT8 = new Type.Known("int8", PgType.INT8);
    public static final Type.Known NUMERIC = new Type.Known("numeric", PgType.NUMERIC);
    public static final Type.Known TEXT = new Type.Known("text", PgType.TEXT);

    private Types() {}
}
