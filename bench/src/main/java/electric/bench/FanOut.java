package electric.bench;

import static electric.bench.Report.figure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One shape, many clients that wait for it, and a row now and then: how long after the commit it is at each of them. Beside
 * it, the same clients at a server that only writes the same bytes.
 *
 * <p>Rows are written on time, whether or not the last one has arrived everywhere.
 */
final class FanOut implements Bench.Scenario {
    private static final int LIMIT_SECONDS = 60;

    /** More than this is beyond two cores that have clients, server and Postgres on them. */
    private static final int DELIVERIES_PER_MILLISECOND = 10;

    /** Something that reaches all clients. */
    private interface Source {
        /** @return when it was there */
        long row(int id) throws Exception;
    }

    private record Measured(Quantiles latencies, Quantiles slowest, double serverCpu, double ownCpu) {}

    @Override
    public void run(Bench bench) throws Exception {
        int period = bench.number("period", 200);
        int rows = bench.number("fan-out-rows", 50);
        int most = bench.number("clients", 10_000);
        bench.measure(Map.of(), target -> {
            try (BareProcess bare = bench.bare()) {
                byte[] answer = answer(bench, target);
                both(bench, target, bare, answer, 100, 300, 10, false);
                for (int clients : new int[] {1, 100, 1_000, 10_000}) {
                    if (clients <= most) {
                        int sustained = Math.max(period, clients / DELIVERIES_PER_MILLISECOND);
                        both(bench, target, bare, answer, clients, rows, sustained, true);
                    }
                }
            }
        });
    }

    private static void both(
            Bench bench,
            Target target,
            BareProcess bare,
            byte[] answer,
            int clients,
            int rows,
            int period,
            boolean reported)
            throws Exception {
        Measured ours;
        String table = newTable(target);
        String shape = "table=" + table;
        ShapeRead.Whole read =
                ShapeRead.begin(bench.crowd(), target.server(), shape, false).get();
        double postgres = target.postgresCpuSeconds();
        try (Connection connection = target.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table + " VALUES (?, 'a value')")) {
            ours = measure(bench.crowd(), target.server(), target.process(), shape, read, clients, rows, period, id -> {
                insert.setInt(1, id);
                insert.executeUpdate();
                return System.nanoTime();
            });
        }
        postgres = target.postgresCpuSeconds() - postgres;
        target.sql("DROP TABLE " + table);
        Measured least = measure(bench.crowd(), bare.uri(), bare.os(), shape, read, clients, rows, period, id -> {
            if (id == Deliveries.FIRST_ID) {
                bare.awaitClients(clients);
            }
            long now = System.nanoTime();
            bare.write(withId(answer, id));
            return now;
        });
        if (!reported) {
            return;
        }
        double deliveries = (double) clients * rows;
        double all = ours.slowest.at(0.5);
        double allBare = least.slowest.at(0.5);
        bench.report()
                .add(
                        "fan-out",
                        clients + (clients == 1 ? " client" : " clients") + ", a row every " + period + " ms",
                        figure("p50", ours.latencies.at(0.5), "ms"),
                        figure("p99", ours.latencies.at(0.99), "ms"),
                        figure("all", all, "ms"),
                        figure("server CPU", ours.serverCpu / deliveries * 1e6, "µs/delivery"),
                        figure("clients' CPU", ours.ownCpu / deliveries * 1e6, "µs/delivery"),
                        figure("Postgres CPU", postgres / rows * 1e3, "ms/row"));
        bench.report()
                .add(
                        "fan-out",
                        "  bare",
                        figure("p50", least.latencies.at(0.5), "ms"),
                        figure("p99", least.latencies.at(0.99), "ms"),
                        figure("all", allBare, "ms"),
                        figure("server CPU", least.serverCpu / deliveries * 1e6, "µs/delivery"),
                        figure("clients' CPU", least.ownCpu / deliveries * 1e6, "µs/delivery"),
                        figure("ours/bare", all / allBare, ""));
    }

    /** Each measurement has its own, so that none sees shapes of another. */
    private static String newTable(Target target) throws SQLException {
        String table = "fan_out_" + System.currentTimeMillis();
        target.sql("CREATE TABLE " + table + " (id int PRIMARY KEY, v text)");
        return table;
    }

    private static Measured measure(
            Crowd crowd,
            URI server,
            @Nullable OsProcess process,
            String shape,
            ShapeRead.Whole read,
            int clients,
            int rows,
            int period,
            Source source)
            throws Exception {
        Deliveries deliveries = new Deliveries(clients, rows);
        LivePoll.Place place = new LivePoll.Place(crowd, server, deliveries, shape, read);
        List<LivePoll> polls = new ArrayList<>();
        List<HttpConnection> connections = crowd.connect(server, clients, number -> {
            LivePoll poll = new LivePoll(place, number);
            polls.add(poll);
            return poll;
        });
        // The last requests are still on their way; who comes late gets the rows at once.
        TimeUnit.MILLISECONDS.sleep(500);
        double serverCpu = process == null ? Double.NaN : process.cpuSeconds();
        double ownCpu = OsProcess.self().cpuSeconds();
        long begin = System.nanoTime();
        for (int row = 0; row < rows; row++) {
            sleepUntil(begin + TimeUnit.MILLISECONDS.toNanos((long) row * period));
            deliveries.sent(row, source.row(Deliveries.FIRST_ID + row));
            deliveries.check();
        }
        deliveries.await(LIMIT_SECONDS);
        serverCpu = (process == null ? Double.NaN : process.cpuSeconds()) - serverCpu;
        ownCpu = OsProcess.self().cpuSeconds() - ownCpu;
        polls.forEach(LivePoll::leave);
        connections.forEach(HttpConnection::close);
        return new Measured(deliveries.latencies(), deliveries.slowest(), serverCpu, ownCpu);
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /** One answer of the server to a live request, to the last byte. */
    private static byte[] answer(Bench bench, Target target) throws Exception {
        String table = newTable(target);
        String shape = "table=" + table;
        ShapeRead.Whole read =
                ShapeRead.begin(bench.crowd(), target.server(), shape, false).get();
        URI server = target.server();
        try (Socket socket = new Socket(InetAddress.getAllByName(server.getHost())[0], server.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /v1/shape?" + shape + "&live=true&handle=" + read.handle() + "&offset=" + read.offset()
                            + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            target.sql("INSERT INTO " + table + " VALUES (" + Deliveries.FIRST_ID + ", 'a value')");
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("\r\n0\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("an answer broke off: " + answer);
                }
                answer.append((char) b);
            }
            return answer.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static byte[] withId(byte[] answer, int id) {
        return new String(answer, StandardCharsets.ISO_8859_1)
                .replace(Integer.toString(Deliveries.FIRST_ID), Integer.toString(id))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
