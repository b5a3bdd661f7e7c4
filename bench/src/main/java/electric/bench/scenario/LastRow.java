package electric.bench.scenario;

import electric.bench.beside.Target;
import electric.bench.load.Crowd;
import electric.bench.load.Deliveries;
import electric.bench.load.Subscription;
import java.sql.SQLException;

/** A row of another table, written last: when it is at its client, the server has followed the stream that far. */
final class LastRow implements AutoCloseable {
    private final Target target;
    private final String table;
    private final Deliveries deliveries = new Deliveries(1, 1);
    private final Crowd.Clients client;

    /** @param table a name that the server has not heard of */
    LastRow(Run run, Target target, String table) throws Exception {
        this.target = target;
        this.table = table;
        target.sql("DROP TABLE IF EXISTS " + table, "CREATE TABLE " + table + " (id int PRIMARY KEY)");
        String shape = "table=" + table;
        client = run.crowd().poll(new Subscription(target.server(), shape), run.read(target, shape), deliveries);
        client.awaitWaiting();
    }

    void write() throws SQLException {
        target.sql("INSERT INTO " + table + " VALUES (" + Deliveries.FIRST_ID + ")");
    }

    void await(int seconds) throws Exception {
        deliveries.await(seconds);
    }

    @Override
    public void close() throws SQLException {
        client.close();
        target.sql("DROP TABLE " + table);
    }
}
