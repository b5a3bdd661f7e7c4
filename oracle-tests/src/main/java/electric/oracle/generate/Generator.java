package electric.oracle.generate;

import electric.oracle.ShapeDefinition.Replica;
import electric.oracle.generate.Filters.Clause;
import electric.oracle.generate.Subqueries.Filter;
import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Join;
import electric.oracle.scenario.Step.Leave;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import electric.oracle.scenario.Step.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** A scenario of a seed: the same one every time. */
public final class Generator {
    private static final int FIRST_ROWS = 40;
    private static final int MOST_WRITERS = 8;

    /** Each as often as it is made. */
    private static final List<FilterClass> WEIGHTED = List.of(
            FilterClass.O0,
            FilterClass.O1,
            FilterClass.O1,
            FilterClass.O2,
            FilterClass.O2,
            FilterClass.O2,
            FilterClass.O3,
            FilterClass.O3,
            FilterClass.O4,
            FilterClass.O4,
            FilterClass.O4,
            FilterClass.O5,
            FilterClass.O5);

    /** Shapes that nobody follows before a commit is withheld from sight, some for each time. */
    private static final int NEW_SHAPES = 6;

    private static final int NEW_SHAPES_AT_A_TIME = 2;

    private final Seed seed;
    private final Size size;
    private final FaultPlan faults;
    private final int stockEvery;
    private final Set<FilterClass> classes;

    public Generator(Seed seed, Size size) {
        this(seed, size, FaultPlan.NONE, 0, FilterClass.USUAL);
    }

    /**
     * @param stockEvery so many shapes one is followed by the stock client too; 0 is none
     * @param classes of filters, some of O0 to O5
     */
    public Generator(Seed seed, Size size, FaultPlan faults, int stockEvery, Set<FilterClass> classes) {
        this.seed = seed;
        this.size = size;
        this.faults = faults;
        this.stockEvery = stockEvery;
        this.classes = Set.copyOf(classes);
    }

    /** Mostly of made-up tables, which are linked where subqueries are wanted. */
    public Scenario scenario() {
        boolean linked = classes.stream().anyMatch(FilterClass::isOfSubqueries);
        return switch ((int) (seed.value() % 8)) {
            case 0, 4 -> classes.stream().anyMatch(Baseline.CLASSES::contains) ? baseline() : any(linked);
            case 3 -> classes.contains(FilterClass.O1) ? ledger() : any(linked);
            default -> any(linked);
        };
    }

    private Scenario any(boolean linked) {
        return linked ? linked() : madeUp();
    }

    private Scenario ledger() {
        return complete(
                "A ledger, seed " + seed.value(),
                Ledger.DDL,
                Ledger.rows(),
                new Ledger(seed.stream("filters")).shapes(size.shapes()),
                any -> true,
                new Ledger(seed.stream("transactions")));
    }

    private Scenario baseline() {
        Baseline baseline = new Baseline(seed.stream("filters"));
        List<ShapePlan> shapes = new ArrayList<>();
        boolean subqueries = classes.stream().anyMatch(FilterClass::isOfSubqueries);
        for (int i = 0; i < size.shapes(); i++) {
            Clause clause = subqueries ? baseline.clause(classes) : baseline.clause();
            shapes.add(new ShapePlan(
                    "s" + i,
                    clause.filterClass(),
                    "level_4",
                    Optional.empty(),
                    clause.where(),
                    clause.parameters(),
                    Replica.DEFAULT));
        }
        TransactionSource mutations = new Baseline(seed.stream("transactions"));
        return complete(
                "The baseline of four levels, seed " + seed.value(),
                Baseline.DDL,
                Baseline.rows(),
                shapes,
                any -> true,
                mutations);
    }

    private Scenario madeUp() {
        List<Table> tables = new Schemas(seed.stream("schema")).tables();
        return made(
                "Made-up tables",
                tables,
                shapes(tables, Optional.empty()),
                new Transactions(tables, seed.stream("transactions")));
    }

    private Scenario linked() {
        Forest forest = new Schemas(seed.stream("schema")).forest();
        return made(
                "Linked tables",
                forest.tables(),
                shapes(forest.tables(), Optional.of(forest)),
                new Moves(forest, seed.stream("transactions")));
    }

    private Scenario made(String title, List<Table> tables, List<ShapePlan> shapes, TransactionSource transactions) {
        List<String> ddl = new ArrayList<>(List.of("CREATE SEQUENCE numbers"));
        tables.forEach(table -> ddl.addAll(table.ddl()));
        Random data = seed.stream("rows");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < FIRST_ROWS; i++) {
            for (Table table : tables) {
                rows.add("INSERT INTO " + table.name() + " VALUES " + table.values(data) + " ON CONFLICT DO NOTHING");
            }
        }
        return complete(
                title + ", seed " + seed.value(), ddl, rows, shapes, shape -> fitsStock(tables, shape), transactions);
    }

    /** It makes lists of arrays, which nobody can make Postgres's text of again. */
    private static boolean fitsStock(List<Table> tables, ShapePlan shape) {
        return tables.stream()
                .filter(table -> table.name().equals(shape.table()))
                .flatMap(table -> table.columns().stream())
                .noneMatch(column -> column.kind().isArray());
    }

    private List<ShapePlan> shapes(List<Table> tables, Optional<Forest> forest) {
        Random random = seed.stream("filters");
        List<FilterClass> wanted = WEIGHTED.stream().filter(classes::contains).toList();
        List<ShapePlan> shapes = new ArrayList<>();
        for (int i = 0; i < size.shapes(); i++) {
            Table table = tables.get(random.nextInt(tables.size()));
            FilterClass filterClass = wanted.get(random.nextInt(wanted.size()));
            Clause clause;
            if (filterClass.isOfSubqueries()) {
                Filter filter = new Subqueries(forest.orElseThrow(), random).filter(filterClass);
                table = filter.table();
                clause = filter.clause();
            } else {
                clause = new Filters(table, random).clause(filterClass);
            }
            shapes.add(new ShapePlan(
                    "s" + i,
                    clause.filterClass(),
                    table.name(),
                    columns(table, random),
                    clause.where(),
                    clause.parameters(),
                    random.nextBoolean() ? Replica.DEFAULT : Replica.FULL));
        }
        return shapes;
    }

    private static Optional<List<String>> columns(Table table, Random random) {
        if (!table.hasKey() || random.nextInt(3) > 0) {
            return Optional.empty();
        }
        return Optional.of(table.columns().stream()
                .filter(column -> table.key().contains(column) || random.nextBoolean())
                .map(Column::name)
                .toList());
    }

    private Scenario complete(
            String title,
            List<String> ddl,
            List<String> rows,
            List<ShapePlan> usual,
            Predicate<ShapePlan> fitsStock,
            TransactionSource transactions) {
        Random random = seed.stream("clients");
        List<ClientPlan> clients = new ArrayList<>();
        List<String> late = new ArrayList<>();
        Random stock = seed.stream("stock clients");
        for (ShapePlan shape : usual) {
            clients.add(new ClientPlan(shape.name() + "-a", shape.name(), way(random)));
            if (stockEvery > 0 && stock.nextInt(stockEvery) == 0 && fitsStock.test(shape)) {
                clients.add(new ClientPlan(shape.name() + "-stock", shape.name(), Way.STOCK));
            }
            if (random.nextInt(8) == 0) {
                clients.add(new ClientPlan(shape.name() + "-b", shape.name(), way(random)));
                late.add(shape.name() + "-b");
            }
        }
        List<ShapePlan> shapes = new ArrayList<>(usual);
        List<String> beginners = new ArrayList<>();
        for (ShapePlan shape : newShapes(usual)) {
            shapes.add(shape);
            clients.add(new ClientPlan(shape.name(), shape.name(), Way.WAITS));
            beginners.add(shape.name());
        }
        List<Step> steps = faults.into(steps(transactions, late, beginners), clients, seed.stream("faults"));
        return new Scenario(title, ddl, rows, shapes, clients, steps);
    }

    /** As some of the others, but for what updates carry: the server must take snapshots of their own for them. */
    private List<ShapePlan> newShapes(List<ShapePlan> usual) {
        List<ShapePlan> shapes = new ArrayList<>();
        for (int i = 0; i < Math.min(NEW_SHAPES, usual.size()); i++) {
            ShapePlan like = usual.get(i);
            shapes.add(new ShapePlan(
                    "new" + i,
                    like.filterClass(),
                    like.table(),
                    like.columns(),
                    like.where(),
                    like.parameters(),
                    like.replica() == Replica.FULL ? Replica.DEFAULT : Replica.FULL));
        }
        return shapes;
    }

    private static Way way(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> Way.WAITS;
            case 2 -> Way.LISTENS;
            default -> Way.ASKS;
        };
    }

    private List<Step> steps(TransactionSource transactions, List<String> late, List<String> beginners) {
        Random random = seed.stream("steps");
        List<Step> steps = new ArrayList<>();
        List<String> toJoin = new ArrayList<>(late);
        List<String> joined = new ArrayList<>();
        List<String> toBegin = new ArrayList<>(beginners);
        for (int batch = 0; batch < size.batches(); batch++) {
            if (batch % 6 == 5) {
                steps.add(together(transactions, random));
                continue;
            }
            if (batch % 10 == 4) {
                transactions.disruption(batch).ifPresent(steps::add);
            }
            if (batch % 5 == 2) {
                steps.add(new Withheld(transactions.next(size.mutationsPerTransaction(), Pace.NO_WAIT)));
                for (int i = 0; i < NEW_SHAPES_AT_A_TIME && !toBegin.isEmpty(); i++) {
                    steps.add(new Join(toBegin.removeFirst()));
                }
            }
            // Now and then each transaction is waited for, which tells what a client saw of it alone.
            boolean oneByOne = batch % 10 == 3;
            for (int i = 1; i <= size.transactionsPerBatch(); i++) {
                boolean wait = oneByOne || i == size.transactionsPerBatch();
                if (!toJoin.isEmpty() && random.nextInt(4) == 0) {
                    String client = toJoin.remove(random.nextInt(toJoin.size()));
                    steps.add(new Join(client));
                    joined.add(client);
                } else if (!joined.isEmpty() && random.nextInt(8) == 0) {
                    String client = joined.remove(random.nextInt(joined.size()));
                    steps.add(new Leave(client));
                    toJoin.add(client);
                }
                steps.add(transactions.next(size.mutationsPerTransaction(), wait ? Pace.WAIT : Pace.NO_WAIT));
            }
        }
        return steps;
    }

    private Together together(TransactionSource transactions, Random random) {
        int writers = 2 + random.nextInt(MOST_WRITERS - 1);
        List<List<Transaction>> all = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            List<Transaction> theirs = new ArrayList<>();
            for (int i = 0; i < size.transactionsPerBatch() / 2 + 1; i++) {
                Transaction transaction = transactions.next(size.mutationsPerTransaction(), Pace.NO_WAIT);
                if (random.nextInt(4) == 0) {
                    List<String> slow = new ArrayList<>(transaction.sql());
                    slow.add(random.nextInt(slow.size() + 1), "SELECT pg_sleep(0.0" + (1 + random.nextInt(5)) + ")");
                    transaction = transaction.withSql(slow);
                }
                theirs.add(transaction);
            }
            all.add(theirs);
        }
        return new Together(all);
    }
}
