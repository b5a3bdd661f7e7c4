package electric.oracle.generate;

import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes up transactions on some tables. They fit whatever rows are there. */
final class Transactions implements TransactionSource {
    private final List<Table> tables;
    private final Random random;

    /** Columns that came later, which no shape names, by table. */
    private final Map<String, List<String>> added = new HashMap<>();

    Transactions(List<Table> tables, Random random) {
        this.tables = tables;
        this.random = random;
    }

    @Override
    public Transaction next(int mostStatements, Pace pace) {
        List<String> sql = new ArrayList<>();
        if (random.nextInt(6) == 0) {
            sql.add("SET LOCAL synchronous_commit = off");
        }
        int statements = 1 + random.nextInt(mostStatements);
        for (int i = 0; i < statements; i++) {
            if (random.nextInt(8) == 0) {
                sql.add("SAVEPOINT part");
                sql.addAll(statement());
                sql.add(random.nextBoolean() ? "ROLLBACK TO part" : "RELEASE part");
            } else {
                sql.addAll(statement());
            }
        }
        return new Transaction(sql, random.nextInt(14) == 0, pace, Effect.ROWS);
    }

    /** Empties a table, or makes its columns others, and lets the stream tell of it. */
    @Override
    public Optional<Transaction> disruption(int number) {
        Table table = tables.get(random.nextInt(tables.size()));
        List<String> sql = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            sql.add("TRUNCATE " + table.name() + " CASCADE");
        } else {
            sql.add("ALTER TABLE " + table.name() + alteration(table, number));
            sql.add("UPDATE " + table.name() + " SET " + noChange(table));
        }
        sql.addAll(bulk(table));
        return Optional.of(new Transaction(sql, false, Pace.WAIT, Effect.DISRUPTION));
    }

    private String alteration(Table table, int number) {
        List<String> theirs = added.computeIfAbsent(table.name(), name -> new ArrayList<>());
        int way = random.nextInt(5);
        if (theirs.isEmpty() || way < 2) {
            theirs.add("more" + number);
            return " ADD COLUMN more" + number + " int DEFAULT " + number;
        }
        String column = theirs.removeLast();
        if (way == 2) {
            return " DROP COLUMN " + column;
        }
        String same = way == 3 ? "other" + number : column;
        theirs.add(same);
        return way == 3 ? " RENAME COLUMN " + column + " TO " + same : " ALTER COLUMN " + column + " TYPE text";
    }

    private List<String> statement() {
        Table table = tables.get(random.nextInt(tables.size()));
        String name = table.name();
        return switch (random.nextInt(16)) {
            case 0, 1, 2 ->
                List.of("INSERT INTO " + name + " VALUES " + table.values(random) + " ON CONFLICT DO NOTHING");
            case 3 -> List.of(upsert(table));
            case 4, 5, 6 -> List.of("UPDATE " + name + " SET " + assignment(table) + " WHERE " + table.isRow(random));
            case 7 ->
                List.of("UPDATE " + name + " SET " + assignment(table) + ", "
                        + assignment(table).replaceAll("^.*$", noChange(table)) + " WHERE " + table.isRow(random));
            case 8 -> List.of("UPDATE " + name + " SET " + assignment(table) + " WHERE " + some(table));
            case 9 -> List.of("UPDATE " + name + " SET " + noChange(table) + " WHERE " + some(table));
            case 10, 11 -> List.of("DELETE FROM " + name + " WHERE " + table.isRow(random));
            case 12 ->
                table.hasKey()
                        ? List.of(newKey(table))
                        : List.of("DELETE FROM " + name + " WHERE " + table.isRow(random));
            case 13 -> inAndOut(table);
            case 14 -> bulk(table);
            default -> table.hasKey() ? swap(table) : List.of("DELETE FROM " + name + " WHERE " + some(table));
        };
    }

    private String upsert(Table table) {
        String insert = "INSERT INTO " + table.name() + " VALUES " + table.values(random);
        if (!table.hasKey()) {
            return insert;
        }
        Column column = scalar(table);
        return insert + " ON CONFLICT ("
                + String.join(", ", table.key().stream().map(Column::sql).toList()) + ") DO UPDATE SET " + column.sql()
                + " = excluded." + column.sql();
    }

    private String assignment(Table table) {
        Column column = scalar(table);
        return column.sql() + " = " + table.value(column, random);
    }

    private String noChange(Table table) {
        Column column = table.columns().getLast();
        return column.sql() + " = " + column.sql();
    }

    private Column scalar(Table table) {
        List<Column> scalars = table.hasKey()
                ? table.scalars()
                : table.columns().subList(1, table.columns().size());
        return scalars.get(random.nextInt(scalars.size()));
    }

    /** A condition that a few rows fulfil. */
    private String some(Table table) {
        Column column = scalar(table);
        return column.kind().isPlain()
                ? column.sql() + " = " + column.kind().value(random.nextInt(Kind.NEAR))
                : column.sql() + " IS NULL";
    }

    /** To a key that is free. */
    private String newKey(Table table) {
        Column column = table.key().get(random.nextInt(table.key().size()));
        String key = table.keyValue(column, random);
        return "UPDATE " + table.name() + " SET " + column.sql() + " = " + key + " WHERE " + table.isRow(random)
                + " AND NOT EXISTS (SELECT FROM " + table.name() + " WHERE " + column.sql() + " = " + key + ")";
    }

    /** Two rows change places, over a third. */
    private List<String> swap(Table table) {
        Column column = table.key().getFirst();
        if (table.key().size() > 1 || !column.kind().isOrdered()) {
            return List.of(newKey(table));
        }
        int one = random.nextInt(Table.KEYS);
        int other = random.nextInt(Table.KEYS);
        if (one == other) {
            return List.of(newKey(table));
        }
        List<String> moves = new ArrayList<>();
        int free = Table.KEYS + random.nextInt(10);
        int[][] ways = {{one, free}, {other, one}, {free, other}};
        moves.add("DELETE FROM " + table.name() + " WHERE " + column.sql() + " = "
                + column.kind().value(free));
        for (int[] way : ways) {
            moves.add("UPDATE " + table.name() + " SET " + column.sql() + " = "
                    + column.kind().value(way[1])
                    + " WHERE " + column.sql() + " = " + column.kind().value(way[0]) + " AND NOT EXISTS (SELECT FROM "
                    + table.name() + " WHERE " + column.sql() + " = "
                    + column.kind().value(way[1]) + ")");
        }
        return moves;
    }

    /** A row that comes, changes and goes, and perhaps comes again. */
    private List<String> inAndOut(Table table) {
        if (!table.hasKey()) {
            return List.of("INSERT INTO " + table.name() + " VALUES " + table.values(random));
        }
        long same = random.nextLong();
        String isRow = table.isRow(new Random(same));
        Random key = new Random(same);
        List<String> values = new ArrayList<>();
        table.columns().forEach(column -> values.add(column.sql()));
        String insert = "INSERT INTO " + table.name() + " (" + String.join(", ", values) + ") VALUES "
                + rowWithKey(table, key) + " ON CONFLICT DO NOTHING";
        List<String> sql = new ArrayList<>(List.of(
                insert,
                "UPDATE " + table.name() + " SET " + assignment(table) + " WHERE " + isRow,
                "DELETE FROM " + table.name() + " WHERE " + isRow));
        if (random.nextBoolean()) {
            sql.add(insert);
        }
        return sql;
    }

    /** The key's values as {@link Table#isRow} draws them, the others of our own stream. */
    private String rowWithKey(Table table, Random keyStream) {
        List<String> keys = table.key().stream()
                .map(column -> table.keyValue(column, keyStream))
                .toList();
        List<String> values = new ArrayList<>();
        for (Column column : table.columns()) {
            int part = table.key().indexOf(column);
            values.add(part < 0 ? table.value(column, random) : keys.get(part));
        }
        return "(" + String.join(", ", values) + ")";
    }

    private List<String> bulk(Table table) {
        List<String> rows = new ArrayList<>();
        int count = 5 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            rows.add(table.values(random));
        }
        return List.of(
                "DELETE FROM " + table.name() + " WHERE " + some(table),
                "INSERT INTO " + table.name() + " VALUES " + String.join(", ", rows) + " ON CONFLICT DO NOTHING");
    }
}
