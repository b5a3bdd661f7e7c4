package electric.bench.report;

/**
 * What was measured at once.
 *
 * @param what in words
 * @param series the curve it is a point of; empty when it is of none
 * @param size where on it
 */
public record Case(String scenario, String what, String series, double size) {
    public Case(String scenario, String what) {
        this(scenario, what, "", Double.NaN);
    }
}
