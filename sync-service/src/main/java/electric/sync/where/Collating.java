package electric.sync.where;

import electric.sync.change.Collation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By which collation an expression is compared, and how firmly: found as Postgres finds it.
 *
 * @param collation {@code null} where there is none, where two contradict each other, and for the database's own where no
 *     column says which that is
 */
record Collating(Firmness firmness, @Nullable Collation collation) {
    enum Firmness {
        NONE,
        IMPLICIT,
        CONFLICT,
        EXPLICIT
    }

    static final Collating NONE = new Collating(Firmness.NONE, null);
    private static final int DEFAULT = 100;
    private static final Collating CONFLICT = new Collating(Firmness.CONFLICT, null);

    static Collating implicit(@Nullable Collation collation) {
        return new Collating(Firmness.IMPLICIT, collation);
    }

    static Collating explicit(Collation collation) {
        return new Collating(Firmness.EXPLICIT, collation);
    }

    static boolean isDefault(Collation collation) {
        return collation.oid() == DEFAULT;
    }

    /** Whether values of the type are compared by a collation. */
    static boolean appliesTo(Type type) {
        return type instanceof Type.Array array
                ? appliesTo(array.element())
                : type.equals(Types.TEXT)
                        || type.equals(Types.VARCHAR)
                        || type.equals(Types.BPCHAR)
                        || type.equals(Types.NAME);
    }

    /** What the operands of one operation give together. */
    static Collating of(List<Typed> operands) throws InvalidWhere {
        Collating all = NONE;
        for (Typed operand : operands) {
            all = all.with(operand.collating(), operand.position());
        }
        return all;
    }

    /** Of a result of that type. */
    Collating resultingIn(Type type, @Nullable Collation byDefault) {
        if (!appliesTo(type)) {
            return NONE;
        }
        return firmness == Firmness.NONE ? implicit(byDefault) : this;
    }

    Collating withDefault(@Nullable Collation byDefault) {
        return firmness == Firmness.IMPLICIT && collation == null ? implicit(byDefault) : this;
    }

    private Collating with(Collating other, int position) throws InvalidWhere {
        if (firmness != other.firmness) {
            return firmness.compareTo(other.firmness) > 0 ? this : other;
        }
        return switch (firmness) {
            case NONE, CONFLICT -> this;
            case IMPLICIT -> withImplicit(other);
            case EXPLICIT -> {
                if (!equals(other)) {
                    throw InvalidWhere.at(position, "collation mismatch between explicit collations");
                }
                yield this;
            }
        };
    }

    private Collating withImplicit(Collating other) {
        if (collation == null || isDefault(collation)) {
            return other.collation == null ? this : other;
        }
        boolean agrees = other.collation == null || isDefault(other.collation) || collation.equals(other.collation);
        return agrees ? this : CONFLICT;
    }

    /** Refuses to compare text where Postgres would, or where its result is not certain here. */
    void check(boolean ordered, int position) throws InvalidWhere {
        if (firmness == Firmness.CONFLICT) {
            throw InvalidWhere.at(position, "could not determine which collation to use for string comparison");
        }
        if (collation == null) {
            if (ordered) {
                throw InvalidWhere.at(
                        position,
                        "the order of text in the database's own collation is not known here;"
                                + " write COLLATE \"C\" to compare bytes");
            }
            return;
        }
        if (!collation.deterministic()) {
            throw InvalidWhere.at(
                    position,
                    "text in the nondeterministic collation \"" + collation.name()
                            + "\" cannot be compared here; write COLLATE \"C\" to compare bytes");
        }
        if (ordered && !collation.bytewise()) {
            throw InvalidWhere.at(
                    position,
                    "text in the collation \"" + collation.name()
                            + "\" cannot be ordered here exactly as Postgres does; write COLLATE \"C\" to compare bytes");
        }
    }
}
