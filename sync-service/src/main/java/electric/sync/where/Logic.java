package electric.sync.where;

import static electric.sync.where.Truth.FALSE;
import static electric.sync.where.Truth.TRUE;
import static electric.sync.where.Truth.UNKNOWN;

import org.jspecify.annotations.Nullable;

/** Conditions made of conditions, and what lies between them and values. */
final class Logic {
    private Logic() {}

    static Predicate always(Truth truth) {
        return row -> truth;
    }

    static Truth truth(@Nullable Object bool) {
        return bool == null ? UNKNOWN : Truth.of((Boolean) bool);
    }

    static Predicate condition(Term bool) {
        return row -> truth(bool.value(row));
    }

    static Predicate column(int column) {
        return row -> row.isNull(column) ? UNKNOWN : Truth.of(row.bool(column));
    }

    static Term term(Predicate condition) {
        return row -> switch (condition.test(row)) {
            case TRUE -> true;
            case FALSE -> false;
            case UNKNOWN -> null;
        };
    }

    static Predicate and(Predicate[] operands) {
        return row -> {
            Truth all = TRUE;
            for (Predicate operand : operands) {
                Truth one = operand.test(row);
                if (one == FALSE) {
                    return FALSE;
                }
                if (one == UNKNOWN) {
                    all = UNKNOWN;
                }
            }
            return all;
        };
    }

    static Predicate or(Predicate[] operands) {
        return row -> {
            Truth any = FALSE;
            for (Predicate operand : operands) {
                Truth one = operand.test(row);
                if (one == TRUE) {
                    return TRUE;
                }
                if (one == UNKNOWN) {
                    any = UNKNOWN;
                }
            }
            return any;
        };
    }

    static Predicate not(Predicate operand) {
        return row -> switch (operand.test(row)) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
