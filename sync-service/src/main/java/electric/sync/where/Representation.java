package electric.sync.where;

import electric.sync.value.PgType;

/** As what the values of a type are read where objects would cost too much. */
enum Representation {
    /** int2, int4, int8. */
    INTEGER,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    FLOAT4,
    FLOAT8,
    BOOL,
    /** That of its {@link PgType}. */
    OBJECT;

    static Representation of(Type type) {
        if (!(type instanceof Type.Known)) {
            return OBJECT;
        }
        PgType<?> values = type.values();
        if (values == PgType.INT2 || values == PgType.INT4 || values == PgType.INT8) {
            return INTEGER;
        }
        if (values == PgType.DATE) {
            return DATE;
        }
        if (values == PgType.TIME) {
            return TIME;
        }
        if (values == PgType.TIMESTAMP) {
            return TIMESTAMP;
        }
        if (values == PgType.TIMESTAMPTZ) {
            return TIMESTAMPTZ;
        }
        if (values == PgType.FLOAT4) {
            return FLOAT4;
        }
        if (values == PgType.FLOAT8) {
            return FLOAT8;
        }
        return values == PgType.BOOL ? BOOL : OBJECT;
    }

    /** Whether {@link RowValues#integer} reads it. */
    boolean isInteger() {
        return switch (this) {
            case INTEGER, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> true;
            case FLOAT4, FLOAT8, BOOL, OBJECT -> false;
        };
    }

    /** Whether {@link RowValues#number} reads it. */
    boolean isFloat() {
        return this == FLOAT4 || this == FLOAT8;
    }
}
