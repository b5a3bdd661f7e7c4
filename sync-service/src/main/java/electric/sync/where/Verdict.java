package electric.sync.where;

import electric.sync.where.Expr.Comparison;

/** What a comparison makes of an order. */
record Verdict(Truth less, Truth equal, Truth greater) {
    static Verdict of(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> new Verdict(Truth.FALSE, Truth.TRUE, Truth.FALSE);
            case UNEQUAL -> new Verdict(Truth.TRUE, Truth.FALSE, Truth.TRUE);
            case LESS -> new Verdict(Truth.TRUE, Truth.FALSE, Truth.FALSE);
            case LESS_OR_EQUAL -> new Verdict(Truth.TRUE, Truth.TRUE, Truth.FALSE);
            case GREATER -> new Verdict(Truth.FALSE, Truth.FALSE, Truth.TRUE);
            case GREATER_OR_EQUAL -> new Verdict(Truth.FALSE, Truth.TRUE, Truth.TRUE);
        };
    }

    /** Of what orders the right side against the left. */
    Verdict flipped() {
        return new Verdict(/* less= */ greater, equal, /* greater= */ less);
    }

    /** Whether it only asks if both sides are equal. */
    boolean ofEquality() {
        return less == greater;
    }

    Truth of(int order) {
        return order < 0 ? less : order == 0 ? equal : greater;
    }
}
