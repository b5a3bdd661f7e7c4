package electric.oracle.generate;

import static java.util.stream.Collectors.joining;

import electric.oracle.generate.Forest.Link;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Transactions on linked tables: any, and among their statements such as move rows into subqueries and out of them. */
final class Moves implements TransactionSource {
    private final Forest forest;
    private final Transactions others;
    private final Random random;

    Moves(Forest forest, Random random) {
        this.forest = forest;
        this.others = new Transactions(forest.tables(), random);
        this.random = random;
    }

    @Override
    public Transaction next(int mostStatements, Pace pace) {
        Transaction transaction = others.next(mostStatements, pace);
        List<String> sql = new ArrayList<>(transaction.sql());
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            sql.addAll(random.nextInt(sql.size() + 1), move());
        }
        return transaction.withSql(sql);
    }

    @Override
    public Optional<Transaction> disruption(int number) {
        return others.disruption(number);
    }

    private List<String> move() {
        Link link = forest.links().get(random.nextInt(forest.links().size()));
        Table table = random.nextBoolean() ? link.table() : link.to();
        String name = table.name();
        String links = link.table().name();
        String column = link.column().sql();
        Column active = Forest.active(table);
        return switch (random.nextInt(8)) {
            case 0, 1 -> List.of("UPDATE " + name + " SET active = active IS NOT TRUE WHERE " + isNear(table));
            case 2 -> List.of("UPDATE " + name + " SET active = " + active.value(random) + " WHERE " + isNear(table));
            case 3, 4 ->
                isFree(link)
                        ? List.of("UPDATE " + links + " SET " + column + " = "
                                + link.table().value(link.column(), random) + " WHERE " + isNear(link.table()))
                        : List.of("DELETE FROM " + links + " WHERE " + isNear(link.table()));
            case 5 ->
                link.column().nullable()
                        ? List.of("UPDATE " + links + " SET " + column + " = NULL WHERE " + column + " = "
                                + near(link.column()))
                        : List.of("DELETE FROM " + links + " WHERE " + column + " = " + near(link.column()));
            case 6 -> goneWithItsOwn(link);
            default ->
                List.of("INSERT INTO " + name + " VALUES " + Forest.valuesNear(table, random)
                        + " ON CONFLICT DO NOTHING");
        };
    }

    /** Not of a key, which another row may have. */
    private static boolean isFree(Link link) {
        return !link.table().key().contains(link.column());
    }

    private List<String> goneWithItsOwn(Link link) {
        String key = near(link.key());
        return List.of(
                "DELETE FROM " + link.table().name() + " WHERE " + link.column().sql() + " = " + key,
                "DELETE FROM " + link.to().name() + " WHERE " + link.key().sql() + " = " + key);
    }

    private String isNear(Table table) {
        return table.key().stream()
                .map(column -> column.sql() + " = " + near(column))
                .collect(joining(" AND "));
    }

    private String near(Column column) {
        return column.kind().value(random.nextInt(Kind.NEAR));
    }
}
