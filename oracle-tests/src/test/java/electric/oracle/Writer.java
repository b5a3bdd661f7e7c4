package electric.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/** One of several that write to the same rows of the same tables at once, in transactions of every kind. */
final class Writer implements Callable<Integer> {
    /** Rows are few, so that writers meet. */
    private static final int IDS = 120;

    /** What writers do to each other: deadlock, a key that is already there. */
    private static final Set<String> EXPECTED = Set.of("40P01", "23505");

    private static final Duration LONGEST_TRANSACTION = Duration.ofMillis(400);

    private final RunningServer server;
    private final String schema;
    private final Progress progress;
    private final Random random;
    private final boolean synchronous;

    Writer(RunningServer server, String schema, Progress progress, long seed, boolean synchronous) {
        this.server = server;
        this.schema = schema;
        this.progress = progress;
        this.random = new Random(seed);
        this.synchronous = synchronous;
    }

    static void createTables(RunningServer server, String schema, Random random) {
        server.sql(
                "CREATE SCHEMA " + schema,
                "CREATE TABLE " + schema
                        + ".notes (id int PRIMARY KEY, title text, body text, n int NOT NULL, flag bool,"
                        + " tx bigint)",
                "ALTER TABLE " + schema + ".notes ALTER COLUMN body SET STORAGE EXTERNAL",
                "CREATE TABLE " + schema
                        + ".grades (student int, course text, grade numeric(5,2), remark text, tx bigint,"
                        + " PRIMARY KEY (course, student))",
                "CREATE TABLE " + schema + ".events (seq bigint, kind text, payload text, tx bigint)",
                "CREATE SEQUENCE " + schema + ".seq",
                "INSERT INTO " + schema + ".notes SELECT i, 'first', repeat('x', i * 40), i, true,"
                        + " pg_current_xact_id()::text::bigint FROM generate_series(1, " + random.nextInt(IDS) + ") i");
        // Not only by the server, which takes a lock for it that waits for all who write at that time.
        for (WrittenTable table : WrittenTable.values()) {
            if (random.nextBoolean()) {
                server.sql("ALTER TABLE " + table.in(schema) + " REPLICA IDENTITY FULL");
            }
        }
    }

    /** Returns how many transactions it committed. */
    @Override
    public Integer call() throws SQLException, InterruptedException {
        int committed = 0;
        try (Connection connection = server.postgres().connect(server.database());
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = " + schema
                    + "; SET deadlock_timeout = '50ms'; SET synchronous_commit = " + (synchronous ? "on" : "off"));
            connection.setAutoCommit(false);
            while (progress.nextTransaction()) {
                try {
                    committed += transaction(connection, statement);
                } catch (SQLException failed) {
                    if (!EXPECTED.contains(failed.getSQLState())) {
                        throw failed;
                    }
                    connection.rollback();
                }
            }
        }
        return committed;
    }

    private int transaction(Connection connection, Statement statement) throws SQLException, InterruptedException {
        int operations = 1 + random.nextInt(5);
        for (int i = 0; i < operations; i++) {
            if (random.nextInt(6) == 0) {
                partOf(connection, statement);
            } else {
                statement.execute(operation());
            }
        }
        if (random.nextInt(10) == 0) {
            progress.awaitMoreShapes(1 + random.nextInt(4), LONGEST_TRANSACTION);
        }
        if (random.nextInt(7) == 0) {
            connection.rollback();
            return 0;
        }
        connection.commit();
        return 1;
    }

    /** A subtransaction, which has a transaction id of its own. */
    private void partOf(Connection connection, Statement statement) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        statement.execute(operation());
        if (random.nextBoolean()) {
            connection.rollback(savepoint);
        } else {
            connection.releaseSavepoint(savepoint);
        }
    }

    private String operation() {
        return switch (random.nextInt(3)) {
            case 0 -> notes();
            case 1 -> grades();
            default -> events();
        };
    }

    private String notes() {
        String row = "(" + id() + ", " + text() + ", " + body() + ", " + random.nextInt() + ", " + random.nextBoolean()
                + ", tx())";
        return statement(
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> "INSERT INTO notes VALUES " + row + " ON CONFLICT DO NOTHING";
                    case 3 ->
                        "INSERT INTO notes VALUES " + row
                                + " ON CONFLICT (id) DO UPDATE SET title = excluded.title, tx = excluded.tx";
                    case 4, 5 -> "UPDATE notes SET n = n % 1000 + 1, tx = tx() WHERE id = " + id();
                    case 6 ->
                        "UPDATE notes SET title = " + text() + ", body = " + body() + ", tx = tx() WHERE id % 9 = "
                                + random.nextInt(9);
                    case 7 -> "DELETE FROM notes WHERE id = " + id();
                    case 8 -> "DELETE FROM notes WHERE id % 23 = " + random.nextInt(23);
                    default -> "UPDATE notes SET id = " + id() + ", tx = tx() WHERE id = " + id();
                });
    }

    private String grades() {
        String course = "'c/" + random.nextInt(12) + "\"'";
        int student = random.nextInt(12);
        return statement(
                switch (random.nextInt(9)) {
                    case 0, 1, 2, 3 ->
                        "INSERT INTO grades VALUES (" + student + ", " + course + ", " + random.nextInt(100) + ".5, "
                                + text() + ", tx()) ON CONFLICT DO NOTHING";
                    case 4, 5 -> "UPDATE grades SET grade = grade % 500 + 1, tx = tx() WHERE student = " + student;
                    case 6 -> "UPDATE grades SET remark = " + text() + ", tx = tx() WHERE course = " + course;
                    case 7 -> "DELETE FROM grades WHERE student = " + student + " AND course = " + course;
                    default ->
                        "UPDATE grades SET course = course || 'x', tx = tx() WHERE student = " + student
                                + " AND course = " + course;
                });
    }

    /** Every row is different: equal rows of a table without a key have one name between them. */
    private String events() {
        return statement(
                switch (random.nextInt(6)) {
                    case 0, 1, 2 ->
                        "INSERT INTO events SELECT nextval('seq'), " + text() + ", " + text()
                                + ", tx() FROM generate_series(1, " + (1 + random.nextInt(4)) + ")";
                    case 3, 4 ->
                        "UPDATE events SET payload = " + text() + ", tx = tx() WHERE seq % 31 = " + random.nextInt(31);
                    default -> "DELETE FROM events WHERE seq % 37 = " + random.nextInt(37);
                });
    }

    private static String statement(String withTransactionId) {
        return withTransactionId.replace("tx()", "pg_current_xact_id()::text::bigint");
    }

    private int id() {
        return 1 + random.nextInt(IDS);
    }

    private String text() {
        return switch (random.nextInt(6)) {
            case 0 -> "NULL";
            case 1 -> "''";
            case 2 -> "E'line\\nbreak \\\\ \"quoted\" \\t/ {}'";
            default -> "'t" + random.nextInt(50) + "é'";
        };
    }

    /** Now and then long enough to be stored out of line, where an update that leaves it alone does not send it. */
    private String body() {
        return random.nextInt(8) == 0 ? "repeat('" + random.nextInt(10) + "', 5000)" : text();
    }
}
