package electric.sync.where;

import electric.sync.value.PgType;

/** The values of one type, compared as what they are known to be. */
final class Domain {
    private final PgType<Object> values;
    private final boolean labels;

    @SuppressWarnings("unchecked")
    Domain(Type type) {
        values = (PgType<Object>) type.values();
        labels = type instanceof Type.Enumerated;
    }

    int compare(Object a, Object b) {
        return values.compare(a, b);
    }

    /** A label that was added to an enum since is equal to no other, although its place in the order is not known. */
    boolean equal(Object a, Object b) {
        return labels ? a.equals(b) : values.compare(a, b) == 0;
    }

    int hash(Object value) {
        return values.hash(value);
    }
}
