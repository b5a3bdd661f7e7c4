package electric.bench.scenario;

import electric.bench.beside.Target;
import java.util.function.IntFunction;

/**
 * Shapes that have been made, and the price of each. Not numbers when none were.
 *
 * @param perSecond how fast
 * @param serverMicros CPU of the server for each
 * @param postgresMicros CPU of Postgres for each
 * @param kilobytes resident memory of the server for each
 */
record Creation(double perSecond, double serverMicros, double postgresMicros, double kilobytes) {
    /** Makes those with numbers from one to another, and measures it but for the first ones. */
    static Creation measure(Run run, Target target, int first, int all, IntFunction<String> shapes) throws Exception {
        run.create(target, 0, first, shapes);
        int made = all - first;
        if (made == 0) {
            return new Creation(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double resident = target.neededMegabytes();
        double cpu = target.cpuSeconds();
        double postgres = target.postgresCpuSeconds();
        double seconds = run.create(target, first, all, shapes);
        cpu = target.cpuSeconds() - cpu;
        postgres = target.postgresCpuSeconds() - postgres;
        double grew = target.neededMegabytes() - resident;
        return new Creation(made / seconds, cpu / made * 1e6, postgres / made * 1e6, grew * 1024 / made);
    }
}
