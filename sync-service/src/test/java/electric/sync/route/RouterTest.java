package electric.sync.route;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.Tables;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final Router router = new Router();

    private ShapeWriter writer(Table table, ShapeDefinition.Replica replica) {
        ShapeDefinition definition = ShapeDefinition.of(table, null, replica, ShapeDefinition.LogMode.FULL);
        return new ShapeWriter(registry.claim(definition).shape(), new EntryFormat(table, definition));
    }

    @Test
    void findsEverybodyWhoFollowsATableAndNobodyElse() { // I5
        Table a = Tables.table(1, "public", "a", "id*");
        Table b = Tables.table(2, "public", "b", "id*");
        ShapeWriter first = writer(a, ShapeDefinition.Replica.DEFAULT);
        ShapeWriter second = writer(a, ShapeDefinition.Replica.FULL);
        ShapeWriter third = writer(b, ShapeDefinition.Replica.DEFAULT);
        router.follow(first, a, null);
        router.follow(second, a, null);
        router.follow(third, b, null);
        assertThat(router.followers(1)).containsExactlyInAnyOrder(first, second);
        router.unfollow(first, a, null);
        assertThat(router.followers(1)).containsExactly(second);
        router.unfollow(first, a, null);
        router.unfollow(second, a, null);
        assertThat(router.followers(1)).isEmpty();
        assertThat(router.followers(2)).containsExactly(third);
    }

    @Test
    void leadsThePartitionsOfARootToItAlsoThoseThatComeLater() { // PG-045, PG-046
        Table root = new Table(
                10,
                Tables.table(10, "public", "root", "id*").name(),
                true,
                Tables.table(10, "public", "root", "id*").columns(),
                List.of(11, 12));
        Table leaf = Tables.table(11, "public", "leaf", "id*");
        ShapeWriter onRoot = writer(root, ShapeDefinition.Replica.DEFAULT);
        ShapeWriter onLeaf = writer(leaf, ShapeDefinition.Replica.DEFAULT);
        router.follow(onRoot, root, null);
        router.follow(onLeaf, leaf, null);
        assertThat(router.followers(11)).containsExactlyInAnyOrder(onRoot, onLeaf);
        assertThat(router.followers(12)).containsExactly(onRoot);
        assertThat(router.followsPartitions()).isTrue();
        assertThat(router.place(13, List.of(10))).isTrue();
        assertThat(router.place(13, List.of(10))).isFalse();
        assertThat(router.followers(13)).containsExactly(onRoot);
        assertThat(router.place(11, List.of(10))).isFalse();
        assertThat(router.followers(11)).containsExactlyInAnyOrder(onRoot, onLeaf);
        router.unfollow(onRoot, root, null);
        assertThat(router.followers(13)).isEmpty();
        assertThat(router.followers(11)).containsExactly(onLeaf);
        assertThat(router.followsPartitions()).isFalse();
    }

    @Test
    void leadsADetachedPartitionToItsOwnFollowersOnly() {
        Table columns = Tables.table(10, "public", "root", "id*");
        Table root = new Table(10, columns.name(), true, columns.columns(), List.of(11));
        Table leaf = Tables.table(11, "public", "leaf", "id*");
        ShapeWriter onRoot = writer(root, ShapeDefinition.Replica.DEFAULT);
        ShapeWriter onLeaf = writer(leaf, ShapeDefinition.Replica.DEFAULT);
        router.follow(onRoot, root, null);
        router.follow(onLeaf, leaf, null);
        assertThat(router.place(11, List.of())).isFalse();
        assertThat(router.followers(11)).containsExactly(onLeaf);
        assertThat(router.followers(10)).containsExactly(onRoot);
        assertThat(router.place(11, List.of(10))).isTrue();
        assertThat(router.followers(11)).containsExactlyInAnyOrder(onRoot, onLeaf);
    }
}
