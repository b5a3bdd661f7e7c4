package electric.oracle.generate;

import electric.oracle.ShapeDefinition.Replica;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Accounts, what was moved between them, and owners: three related tables whose sums are always the same, and shapes that
 * divide each of them. Rows cross the lines all the time. Where every shape is Postgres's answer after every commit, the
 * parts make up the whole and the sums agree.
 */
final class Ledger implements TransactionSource {
    static final List<String> DDL = List.of(
            "CREATE TABLE owners (name text PRIMARY KEY, grade int)",
            "CREATE TABLE accounts (id int PRIMARY KEY, owner text NOT NULL REFERENCES owners, balance int)",
            "CREATE TABLE entries (id bigserial PRIMARY KEY, account int NOT NULL REFERENCES accounts ON DELETE CASCADE,"
                    + " amount int NOT NULL)");

    private static final int OWNERS = 5;
    private static final int ACCOUNTS = 20;
    private static final int LINE = 50;

    private final Random random;

    Ledger(Random random) {
        this.random = random;
    }

    static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            rows.add("INSERT INTO owners VALUES ('o" + i + "', " + i + ")");
        }
        for (int i = 0; i < ACCOUNTS; i++) {
            rows.add("INSERT INTO accounts VALUES (" + i + ", 'o" + i % OWNERS + "', " + (i % 4 == 3 ? "NULL" : i * 5)
                    + ")");
            rows.add("INSERT INTO entries (account, amount) VALUES (" + i + ", " + i * 5 + ")");
        }
        return rows;
    }

    /** The lines first, then others as often as are wanted. */
    List<ShapePlan> shapes(int count) {
        List<ShapePlan> shapes = new ArrayList<>();
        for (String where : List.of(
                "balance > " + LINE,
                "balance <= " + LINE,
                "balance IS NULL",
                "NOT (balance > " + LINE + ")",
                "balance IS NULL OR balance > " + LINE)) {
            shapes.add(shape(shapes.size(), "accounts", where));
        }
        shapes.add(shape(shapes.size(), "entries", "amount > 0"));
        shapes.add(shape(shapes.size(), "entries", "amount <= 0"));
        while (shapes.size() < count) {
            int account = random.nextInt(ACCOUNTS);
            shapes.add(
                    switch (random.nextInt(4)) {
                        case 0 -> shape(shapes.size(), "entries", "account = " + account);
                        case 1 -> shape(shapes.size(), "accounts", "owner = 'o" + account % OWNERS + "'");
                        case 2 -> shape(shapes.size(), "owners", "grade >= " + account % OWNERS);
                        default ->
                            shape(shapes.size(), "accounts", "balance BETWEEN " + account + " AND " + (account + LINE));
                    });
        }
        return shapes;
    }

    private ShapePlan shape(int number, String table, String where) {
        return new ShapePlan(
                "s" + number,
                FilterClass.O1,
                table,
                Optional.empty(),
                Optional.of(where),
                List.of(),
                random.nextBoolean() ? Replica.DEFAULT : Replica.FULL);
    }

    @Override
    public Transaction next(int mostStatements, Pace pace) {
        List<String> sql = new ArrayList<>();
        int moves = 1 + random.nextInt(mostStatements);
        for (int i = 0; i < moves; i++) {
            sql.addAll(move());
        }
        return new Transaction(sql, random.nextInt(10) == 0, pace, Effect.ROWS);
    }

    private List<String> move() {
        int from = random.nextInt(ACCOUNTS);
        int to = random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(LINE);
        return switch (random.nextInt(6)) {
            case 0 -> List.of("UPDATE accounts SET owner = 'o" + random.nextInt(OWNERS) + "' WHERE id = " + from);
            case 1 ->
                List.of("UPDATE owners SET grade = (grade + 1) % " + OWNERS + " WHERE name = 'o" + from % OWNERS + "'");
            case 2 ->
                List.of(
                        "UPDATE accounts SET balance = " + (random.nextBoolean() ? "NULL" : "coalesce(balance, 0)")
                                + " WHERE id = " + from,
                        "DELETE FROM entries WHERE account = " + from + " AND amount < 0");
            default ->
                List.of(
                        "WITH taken AS (UPDATE accounts SET balance = balance - " + amount + " WHERE id = " + from
                                + " RETURNING id) INSERT INTO entries (account, amount) SELECT id, -" + amount
                                + " FROM taken",
                        "WITH given AS (UPDATE accounts SET balance = balance + " + amount + " WHERE id = " + to
                                + " RETURNING id) INSERT INTO entries (account, amount) SELECT id, " + amount
                                + " FROM given");
        };
    }

    @Override
    public Optional<Transaction> disruption(int number) {
        return Optional.of(new Transaction(
                List.of(
                        "TRUNCATE entries",
                        "INSERT INTO entries (account, amount) SELECT id, balance FROM accounts WHERE"
                                + " balance IS NOT NULL"),
                false,
                Pace.WAIT,
                Effect.DISRUPTION));
    }
}
