package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.ShapeDefinition.Replica;
import electric.oracle.ShapeResponse.MustRefetch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shapes on partitioned tables and on their partitions (PG §3.8). */
class PartitionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger TABLES = new AtomicInteger();

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    /** Partitioned by k: 0..9 in _low, 10..19 in _high, 20..39 in another schema in two halves. */
    private String root = "";

    @BeforeAll
    static void start() {
        server.sql("CREATE SCHEMA elsewhere");
    }

    @BeforeEach
    void makeTable() {
        root = "p" + TABLES.incrementAndGet();
        server.sql(
                "CREATE TABLE " + root + " (k int, v text, PRIMARY KEY (k)) PARTITION BY RANGE (k)",
                "CREATE TABLE " + root + "_low PARTITION OF " + root + " FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE " + root + "_high PARTITION OF " + root + " FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE elsewhere." + root + "_far PARTITION OF " + root
                        + " FOR VALUES FROM (20) TO (40) PARTITION BY RANGE (k)",
                "CREATE TABLE elsewhere." + root + "_near PARTITION OF elsewhere." + root
                        + "_far FOR VALUES FROM (20) TO (30)",
                "INSERT INTO " + root + " VALUES (1, 'one'), (11, 'eleven'), (21, 'twenty-one')");
    }

    private static ShapeClient client(String table) {
        return server.client(ShapeDefinition.of(table).replica(Replica.FULL)).catchUp();
    }

    private String key(int k) {
        return Key.of(List.of("public", root), List.of(Integer.toString(k)));
    }

    /** Follows until the client has what Postgres has. */
    private static void expectRows(ShapeClient client, String table) {
        var rows = PostgresRows.select(server, "SELECT * FROM " + table);
        client.followUntil(
                view -> view.rows().size() == rows.size()
                        && view.rows().values().containsAll(rows),
                LIMIT);
    }

    @Test
    void theRootHasTheRowsOfAllPartitionsUnderItsOwnName() {
        // Snapshot and stream name a row alike, however deep and in whatever schema it lies.
        ShapeClient client = client(root);
        assertThat(client.rows().keySet()).containsExactlyInAnyOrder(key(1), key(11), key(21));
        server.sql(
                "UPDATE " + root + " SET v = v || '!'",
                "INSERT INTO " + root + " VALUES (2, 'two'), (12, null), (22, 'x')",
                "DELETE FROM " + root + " WHERE k = 1",
                "UPDATE elsewhere." + root + "_near SET v = 'direct' WHERE k = 22");
        expectRows(client, root);
        assertThat(client.rows().keySet()).containsExactlyInAnyOrder(key(2), key(11), key(12), key(21), key(22));
        assertThat(client.refetches()).isZero();
    }

    @Test
    void onlyTheRootIsPublishedAndEveryPartitionHasTheFullIdentity() {
        client(root);
        assertThat(server.ask("SELECT prrelid::regclass::text FROM pg_publication_rel JOIN pg_publication p ON p.oid ="
                        + " prpubid WHERE pubname = '" + server.publication() + "' AND prrelid = '"
                        + root
                        + "'::regclass"))
                .containsExactly(root);
        assertThat(server.ask("SELECT DISTINCT relreplident FROM pg_partition_tree('" + root
                        + "') JOIN pg_class ON oid = relid WHERE isleaf"))
                .containsExactly("f");
    }

    @Test
    void aPartitionHasItsOwnRowsUnderItsOwnNameBesideTheRoot() {
        ShapeClient whole = client(root);
        ShapeClient low = client(root + "_low");
        assertThat(low.rows().keySet()).containsExactly(Key.of(List.of("public", root + "_low"), List.of("1")));
        server.sql("INSERT INTO " + root + " VALUES (3, 'three'), (13, 'thirteen')");
        expectRows(low, root + "_low");
        expectRows(whole, root);
        assertThat(low.rows()).hasSize(2);
        assertThat(whole.refetches() + low.refetches()).isZero();
    }

    @Test
    void aRowThatMovesToAnotherPartitionLeavesTheOneAndEntersTheOther() {
        ShapeClient whole = client(root);
        ShapeClient low = client(root + "_low");
        ShapeClient high = client(root + "_high");
        server.sql("UPDATE " + root + " SET k = 15 WHERE k = 1");
        expectRows(whole, root);
        expectRows(low, root + "_low");
        expectRows(high, root + "_high");
        assertThat(whole.rows().keySet()).containsExactlyInAnyOrder(key(15), key(11), key(21));
        assertThat(low.rows()).isEmpty();
        assertThat(whole.refetches() + low.refetches() + high.refetches()).isZero();
    }

    @Test
    void aNewPartitionJoins() {
        // PG §3.8: the map is extended when the stream describes it, also two levels down and in another schema.
        ShapeClient client = client(root);
        server.sql(
                "CREATE TABLE " + root + "_new PARTITION OF " + root + " FOR VALUES FROM (40) TO (50)",
                "CREATE TABLE elsewhere." + root + "_deep PARTITION OF elsewhere." + root
                        + "_far FOR VALUES FROM (30) TO (40)",
                "INSERT INTO " + root + " VALUES (41, 'new'), (31, 'deep')");
        expectRows(client, root);
        assertThat(client.rows().keySet()).contains(key(41), key(31));
        assertThat(client.refetches()).isZero();
    }

    @Test
    void rowsOfANewPartitionCanBeUpdatedAndDeleted() {
        // Its identity is the default until it is discovered: at worst the shape begins anew, never is a change lost.
        ShapeClient client = client(root);
        server.sql(
                "CREATE TABLE " + root + "_new PARTITION OF " + root + " FOR VALUES FROM (40) TO (50)",
                "INSERT INTO " + root + " VALUES (41, 'a'), (42, 'b')",
                "UPDATE " + root + " SET v = 'c' WHERE k = 41",
                "DELETE FROM " + root + " WHERE k = 42");
        expectRows(client, root);
        int refetches = client.refetches();
        server.sql("UPDATE " + root + " SET v = 'd' WHERE k = 41");
        expectRows(client, root);
        assertThat(client.refetches())
                .as("once it is known, nothing begins anew")
                .isEqualTo(refetches);
    }

    @Test
    void anUpdateWithoutItsOldRowEndsTheShapeAndMendsTheIdentity() {
        ShapeClient client = client(root);
        server.sql(
                "ALTER TABLE " + root + "_low REPLICA IDENTITY DEFAULT", "UPDATE " + root + " SET v = 'u' WHERE k = 1");
        expectRows(client, root);
        assertThat(client.refetches()).isEqualTo(1);
        server.sql("UPDATE " + root + " SET v = 'w' WHERE k = 1");
        expectRows(client, root);
        assertThat(client.refetches()).isEqualTo(1);
    }

    @Test
    void truncatingOnePartitionEndsItAndTheRootButNotItsSiblings() {
        Parked whole = Parked.at(server, client(root));
        Parked low = Parked.at(server, client(root + "_low"));
        Parked high = Parked.at(server, client(root + "_high"));
        server.sql("TRUNCATE " + root + "_low");
        assertThat(whole.answer()).isInstanceOf(MustRefetch.class);
        assertThat(low.answer()).isInstanceOf(MustRefetch.class);
        assertThat(high.isAnswered()).isFalse();
        server.sql("INSERT INTO " + root + " VALUES (12, 'x')");
        assertThat(high.answer()).isInstanceOf(ShapeResponse.Log.class);
        expectRows(whole.client().catchUp(), root);
        expectRows(low.client().catchUp(), root + "_low");
        expectRows(high.client(), root + "_high");
    }

    @Test
    void truncatingTheRootEndsAll() {
        Parked whole = Parked.at(server, client(root));
        Parked low = Parked.at(server, client(root + "_low"));
        Parked near = Parked.at(server, client("elsewhere." + root + "_near"));
        server.sql("TRUNCATE " + root);
        for (Parked parked : List.of(whole, low, near)) {
            assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
            assertThat(parked.client().catchUp().rows()).isEmpty();
        }
    }

    @Test
    void aDetachedPartitionIsATableOfItsOwn() {
        ShapeClient whole = client(root);
        ShapeClient low = client(root + "_low");
        server.sql(
                "ALTER TABLE " + root + " DETACH PARTITION " + root + "_low",
                "INSERT INTO " + root + "_low VALUES (5, 'five')");
        expectRows(low, root + "_low");
        assertThat(low.rows()).hasSize(2);
        server.sql("INSERT INTO " + root + " VALUES (16, 'sixteen')");
        whole.followUntil(view -> view.rows().containsKey(key(16)), LIMIT);
        assertThat(whole.rows()).doesNotContainKey(key(5));
    }
}
