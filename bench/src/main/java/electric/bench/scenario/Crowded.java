package electric.bench.scenario;

import electric.bench.beside.BareProcess;
import electric.bench.beside.OsProcess;
import electric.bench.beside.Recorded;
import electric.bench.load.Crowd;
import electric.bench.load.Deliveries;
import electric.bench.report.Quantiles;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Rows that reach many clients that wait: how long after the commit they are at each of them, and at what price. They are
 * written on time, whether or not the last ones have arrived everywhere.
 *
 * @param latencies in milliseconds, from the commit to each client
 * @param slowest the same to the last client
 * @param serverCpu seconds
 * @param ownCpu of the clients
 */
record Crowded(Quantiles latencies, Quantiles slowest, double serverCpu, double ownCpu) {
    private static final int LIMIT_SECONDS = 60;

    /** What brings rows to all clients. */
    interface Source {
        /**
         * @param firstId of the rows to be brought
         * @return when they were there
         */
        long bring(int firstId) throws Exception;
    }

    /** Seconds of the server so far. */
    interface Clock {
        double seconds() throws IOException;
    }

    /**
     * @param times how often
     * @param together how many rows are brought at a time
     * @param period in milliseconds
     * @param firstId of the rows, which have consecutive ids
     */
    record Schedule(int times, int together, int period, int firstId) {
        Schedule(int times, int together, int period) {
            this(times, together, period, Deliveries.FIRST_ID);
        }

        Deliveries deliveries(int clients) {
            return new Deliveries(clients, times * together, firstId);
        }

        /** For what comes behind these rows. */
        Schedule behind(int moreTimes) {
            return new Schedule(moreTimes, together, period, firstId + times * together);
        }
    }

    /** @param clients who leave when it is over */
    static Crowded measure(Schedule schedule, Deliveries deliveries, Crowd.Clients clients, Clock server, Source source)
            throws Exception {
        try (clients) {
            clients.awaitWaiting();
            // The last requests are still on their way; who comes late gets the rows at once.
            TimeUnit.MILLISECONDS.sleep(500);
            double serverCpu = server.seconds();
            double ownCpu = OsProcess.self().cpuSeconds();
            long begin = System.nanoTime();
            for (int time = 0; time < schedule.times; time++) {
                sleepUntil(begin + TimeUnit.MILLISECONDS.toNanos((long) time * schedule.period));
                int row = time * schedule.together;
                long there = source.bring(schedule.firstId + row);
                for (int i = 0; i < schedule.together; i++) {
                    deliveries.sent(row + i, there);
                }
                deliveries.check();
            }
            deliveries.await(LIMIT_SECONDS);
            return new Crowded(
                    deliveries.latencies(),
                    deliveries.slowest(schedule.together),
                    server.seconds() - serverCpu,
                    OsProcess.self().cpuSeconds() - ownCpu);
        }
    }

    /** What a server that does nothing else writes, to clients that are connected already. */
    static Source bare(BareProcess bare, Recorded recorded) {
        return firstId -> {
            byte[] bytes = recorded.bytes(firstId);
            long now = System.nanoTime();
            bare.write(bytes);
            return now;
        };
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
