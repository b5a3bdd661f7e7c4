package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.ShapeResponse.MustRefetch;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More shapes than there may be (PG §6.8). */
class MaxShapesTest {
    private static final int MAX = 3;

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of("ELECTRIC_MAX_SHAPES", Integer.toString(MAX)));

    private static ShapeClient follower(String table) {
        server.sql("CREATE TABLE " + table + " (id int PRIMARY KEY)");
        return server.client(ShapeDefinition.of(table)).catchUp();
    }

    @Test
    void theLeastRecentlyReadOnesEnd() {
        List<ShapeClient> clients = new ArrayList<>();
        for (int i = 0; i < MAX + 2; i++) {
            clients.add(follower("lru_" + i));
        }
        // A read is a use, and so is a live request when it arrives.
        clients.get(0).catchUp();
        Parked oldest = Parked.at(server, clients.get(2));
        Parked second = Parked.at(server, clients.get(1));
        server.app().upkeep().now();
        assertThat(second.isAnswered()).isFalse();
        assertThat(oldest.isAnswered()).isFalse();
        assertThat(clients.get(3).step()).isInstanceOf(MustRefetch.class);
        assertThat(clients.get(4).step()).isInstanceOf(MustRefetch.class);
        assertThat(clients.get(0).catchUp().refetches()).isZero();
        server.sql("INSERT INTO lru_1 VALUES (1)", "INSERT INTO lru_2 VALUES (1)");
        assertThat(second.answer()).isInstanceOf(ShapeResponse.Log.class);
        assertThat(oldest.answer()).isInstanceOf(ShapeResponse.Log.class);
    }

    @Test
    void whoeverWaitsOnOneThatEndsHearsOfItAtOnce() {
        Parked parked = Parked.at(server, follower("parked"));
        for (int i = 0; i < MAX; i++) {
            follower("later_" + i);
        }
        server.app().upkeep().now();
        assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
        // Asking again makes it the most recently used of all.
        parked.client().catchUp();
        server.app().upkeep().now();
        assertThat(parked.client().catchUp().refetches()).isEqualTo(1);
    }

    @Test
    void oneThatHasNotStartedIsLeftAlone() throws Exception {
        for (int i = 0; i < MAX; i++) {
            follower("started_" + i);
        }
        server.sql("CREATE TABLE unstarted (id int PRIMARY KEY)", "CREATE TABLE newest (id int PRIMARY KEY)");
        try (Connection holder = server.postgres().connect(server.database());
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE unstarted IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<ShapeClient> waiting = CompletableFuture.supplyAsync(
                    () -> server.client(ShapeDefinition.of("unstarted")).catchUp(), Thread::startVirtualThread);
            org.awaitility.Awaitility.await()
                    .until(() -> !server.ask("SELECT 1 FROM pg_locks WHERE relation = 'unstarted'::regclass AND NOT"
                                    + " granted")
                            .isEmpty());
            for (int i = 0; i < MAX; i++) {
                server.client(ShapeDefinition.of("started_" + i)).catchUp();
            }
            server.app().upkeep().now();
            holder.rollback();
            assertThat(waiting.join().refetches()).isZero();
        }
    }
}
