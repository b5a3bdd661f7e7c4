package electric.oracle.run;

import electric.oracle.ShapeClient;
import electric.oracle.judge.Answers;
import electric.oracle.judge.Commit;
import electric.oracle.judge.History;
import electric.oracle.judge.Laws;
import electric.oracle.judge.Truth;
import electric.oracle.judge.Verdict;
import electric.oracle.run.Writer.Done;
import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.Fault;
import electric.oracle.scenario.Law;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Join;
import electric.oracle.scenario.Step.Leave;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import electric.oracle.scenario.Step.Withheld;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Runs one scenario in a schema of its own and stops at the first thing that is wrong.
 *
 * <p>Steps go in batches: all up to one that is waited after. Clients that wait have their long polls open before the batch
 * begins. When its last transaction has committed, everybody follows to there and is judged after each transaction of it.
 */
final class ScenarioRun implements AutoCloseable {
    private static final Duration WITNESS_LIMIT = Duration.ofSeconds(20);
    /** With many.mjs, and its packages installed. */
    private static final Path STOCK_CLIENTS = Path.of(System.getProperty("oracle.clients", "target/clients"));

    /** So long those who begin while a commit is withheld have for it. */
    private static final Duration WITHHELD_FOR = Duration.ofMillis(100);

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final Transaction NOTHING = Transaction.of(List.of(), Pace.WAIT);

    private final Site site;
    private final Scenario scenario;
    private final Tally tally;
    private final String schema;
    private final AtomicInteger numbers = new AtomicInteger();
    private final History history = new History();
    private final SameItems sameItems = new SameItems();
    private final Map<String, Follower> followers = new LinkedHashMap<>();
    private final Set<String> present = new HashSet<>();
    private final List<String> gone = new ArrayList<>();
    private final List<Committed> committed = new ArrayList<>();
    private final List<LateCommit> late = new ArrayList<>();
    private final Optional<Line> line;
    private final String url;
    private final Optional<StockClients> stockClients;
    private final List<StockFollower> stockFollowers = new ArrayList<>();
    private Connection admin;

    /** The batch before. At first all of it: where things are broken, what the last scenario broke may still be mending. */
    private List<Step> before;

    private Optional<Answers> afterAll = Optional.empty();

    /** A commit that Postgres has not been asked the place of yet. */
    private record Committed(Done done, Optional<Answers> after) {}

    private ScenarioRun(Site site, Scenario scenario, Tally tally) throws SQLException {
        this.site = site;
        this.scenario = scenario;
        this.before = scenario.steps();
        this.tally = tally;
        this.schema = "oracle_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
        this.admin = site.database().connect();
        this.line = scenario.steps().stream()
                        .anyMatch(step ->
                                step instanceof Break breaks && breaks.fault().isOnTheWay())
                ? Optional.of(Line.to(site.shapeUrl()))
                : Optional.empty();
        this.url = line.map(Line::shapeUrl).orElse(site.shapeUrl());
        this.stockClients = scenario.clients().stream().anyMatch(plan -> plan.way() == Way.STOCK)
                ? Optional.of(StockClients.in(STOCK_CLIENTS))
                : Optional.empty();
        for (ClientPlan plan : scenario.clients()) {
            ShapePlan shape = scenario.shape(plan.shape());
            if (plan.way() == Way.STOCK) {
                stockFollowers.add(new StockFollower(plan, shape, history, stockClients.orElseThrow(), tally));
                continue;
            }
            followers.put(
                    plan.name(),
                    new Follower(
                            plan,
                            shape,
                            History.place(scenario.shapes(), shape),
                            history,
                            sameItems,
                            tally,
                            scenario.laws().stream()
                                    .anyMatch(law -> law.clients().contains(plan.name())),
                            witness -> new ShapeClient(site.http(), url, shape.in(schema), witness)));
        }
    }

    /** What is wrong first, if anything. */
    static Optional<Failure> of(Site site, Scenario scenario, Tally tally) throws SQLException, InterruptedException {
        try (ScenarioRun run = new ScenarioRun(site, scenario, tally)) {
            return run.run();
        }
    }

    private Optional<Failure> run() throws SQLException, InterruptedException {
        tally.scenario();
        List<String> preparation = new ArrayList<>(List.of("CREATE SCHEMA " + schema, "SET search_path = " + schema));
        preparation.addAll(scenario.ddl());
        preparation.addAll(scenario.rows());
        for (String statement : preparation) {
            admin(statement.replace(Scenario.SCHEMA, schema));
        }
        try (Writer writer = new Writer(site.database(), schema, numbers, tally);
                Truth truth = new Truth(site.database().connect(), schema, scenario.shapes())) {
            followStock();
            commit(writer, truth, NOTHING);
            followers.keySet().stream().filter(this::isThereFromTheBeginning).forEach(present::add);
            Optional<Failure> failure = judge(start(List.of(), -1));
            for (int i = 0; i < scenario.steps().size() && failure.isEmpty(); i++) {
                int last = endOfBatch(i);
                failure = batch(writer, truth, i, last);
                i = last;
            }
            return failure;
        }
    }

    private void followStock() {
        boolean goesOn = scenario.steps().stream().anyMatch(step -> step instanceof Break breaks && breaks.errors());
        for (ClientPlan plan : scenario.clients()) {
            if (plan.way() == Way.STOCK) {
                stockClients
                        .orElseThrow()
                        .follow(
                                plan.name(),
                                goesOn,
                                url,
                                scenario.shape(plan.shape()).in(schema));
            }
        }
    }

    private boolean isThereFromTheBeginning(String client) {
        return scenario.steps().stream().noneMatch(step -> step.equals(new Join(client)));
    }

    private int endOfBatch(int first) {
        int last = first;
        while (last < scenario.steps().size() - 1
                && (!(scenario.steps().get(last) instanceof Transaction transaction)
                        || transaction.pace() == Pace.NO_WAIT)
                && !(scenario.steps().get(last) instanceof Together)
                && !(scenario.steps().get(last + 1) instanceof Together)) {
            last++;
        }
        return last;
    }

    /** Those who follow, and where to. */
    private record Following(Goal goal, int firstCommit, int step, List<Future<Optional<Failure>>> clients) {}

    private Optional<Failure> batch(Writer writer, Truth truth, int first, int last)
            throws SQLException, InterruptedException {
        List<Step> steps = scenario.steps().subList(first, last + 1);
        for (Step step : steps) {
            if (step instanceof Forget forget) {
                follower(forget.client()).beginAnew();
            }
        }
        Following following = start(steps, last);
        for (Step step : steps) {
            switch (step) {
                case Transaction transaction -> {
                    if (transaction.effect() == Effect.DISRUPTION) {
                        truth.lookAgain();
                    }
                    commit(writer, truth, transaction);
                }
                case Together together -> commitTogether(truth, together);
                case Withheld withheld -> {
                    if (site.database().own().isPresent()) {
                        Writer another = new Writer(site.database(), schema, numbers, tally);
                        late.add(LateCommit.of(withheld.transaction(), another, site));
                    } else {
                        commit(writer, truth, withheld.transaction());
                    }
                }
                case Join join -> {
                    boolean returns = gone.remove(join.client());
                    if (present.add(join.client()) && !returns) {
                        Follower joins = follower(join.client());
                        following.clients.add(site.threads().submit(follows(joins, following.goal, last)));
                    }
                }
                case Leave leave -> {
                    // It sees this batch to its end, and is gone then.
                    present.remove(leave.client());
                    gone.add(leave.client());
                }
                case Forget forget -> {
                    // Before the batch began.
                }
                case Break breaks -> {
                    // A restart of Postgres would end the waiting.
                    release(truth);
                    tally.fault();
                    Trouble.let(breaks.fault(), site, line);
                    if (breaks.fault() == Fault.DATABASE_RESTARTED || breaks.fault() == Fault.DATABASE_KILLED) {
                        writer.reconnect();
                        truth.reconnect(site.database().connect());
                        admin = site.database().connect();
                    }
                }
            }
        }
        release(truth);
        Optional<Failure> failure = judge(following);
        line.ifPresent(Line::mend);
        gone.forEach(client -> follower(client).beginAnew());
        gone.clear();
        return failure;
    }

    private Follower follower(String client) {
        Follower follower = followers.get(client);
        if (follower == null) {
            throw new IllegalArgumentException("There is no client " + client + " in the scenario");
        }
        return follower;
    }

    private Following start(List<Step> steps, int step) {
        Goal goal = new Goal(before, steps);
        before = steps;
        List<Future<Optional<Failure>>> clients = new ArrayList<>();
        for (String client : followers.keySet()) {
            if (present.contains(client)) {
                clients.add(site.threads().submit(follows(follower(client), goal, step)));
            }
        }
        for (StockFollower follower : stockFollowers) {
            clients.add(site.threads().submit(() -> follower.follow(goal, scenario, step)));
        }
        return new Following(goal, history.size(), step, clients);
    }

    private Callable<Optional<Failure>> follows(Follower follower, Goal goal, int step) {
        return () -> follower.follow(goal, new Failures(scenario, step));
    }

    private Optional<Failure> judge(Following following) throws SQLException, InterruptedException {
        long done = System.nanoTime();
        order();
        following.goal().set(history.get(history.size() - 1).lsn(), site.limit());
        Optional<Failure> first = Optional.empty();
        for (Future<Optional<Failure>> client : following.clients()) {
            try {
                Optional<Failure> failure = client.get();
                first = first.or(() -> failure);
            } catch (ExecutionException broken) {
                throw new IllegalStateException("The oracle itself failed", broken.getCause());
            }
        }
        tally.took(Duration.ofNanos(System.nanoTime() - done));
        return first.isPresent() ? first : lawless(following.firstCommit(), following.step());
    }

    /** The first commit after which the views of several clients do not agree. */
    private Optional<Failure> lawless(int firstCommit, int step) {
        for (Law law : scenario.laws()) {
            for (int place = firstCommit; place < history.size(); place++) {
                int commit = place;
                if (law.clients().stream()
                        .anyMatch(client -> follower(client).viewAfter(commit).isEmpty())) {
                    continue;
                }
                tally.law();
                Optional<String> broken = Laws.broken(
                        law, client -> follower(client).viewAfter(commit).orElseThrow());
                if (broken.isPresent()) {
                    return Optional.of(new Failures(scenario, step)
                            .of(
                                    follower(law.clients().getFirst()),
                                    Verdict.A2,
                                    "after transaction " + history.get(commit).number() + ": " + broken.get(),
                                    Optional.empty(),
                                    Optional.empty()));
                }
            }
        }
        return Optional.empty();
    }

    private void commit(Writer writer, Truth truth, Transaction transaction) throws SQLException {
        if (!late.isEmpty()) {
            // What Postgres answers now lacks what has been streamed.
            writer.write(LateCommit.beside(transaction))
                    .ifPresent(done -> committed.add(new Committed(done, Optional.empty())));
            return;
        }
        Optional<Done> done = writer.write(transaction);
        if (done.isPresent()) {
            committed.add(new Committed(done.get(), Optional.of(truth.ask())));
            afterAll = Optional.empty();
        }
    }

    /** Lets everybody see what was withheld. */
    private void release(Truth truth) throws SQLException, InterruptedException {
        if (late.isEmpty()) {
            return;
        }
        Thread.sleep(WITHHELD_FOR);
        for (LateCommit one : late) {
            one.release().ifPresent(done -> committed.add(new Committed(done, Optional.empty())));
        }
        late.clear();
        afterAll = Optional.of(truth.ask());
    }

    /** Nobody can ask Postgres between commits that come when they like, but at the end. */
    private void commitTogether(Truth truth, Together together) throws SQLException, InterruptedException {
        List<Future<List<Done>>> writers = new ArrayList<>();
        for (List<Transaction> transactions : together.writers()) {
            writers.add(site.threads().submit(() -> writeAll(transactions)));
        }
        for (Future<List<Done>> writer : writers) {
            try {
                writer.get().forEach(done -> committed.add(new Committed(done, Optional.empty())));
            } catch (ExecutionException broken) {
                throw new IllegalStateException("A writer failed", broken.getCause());
            }
        }
        afterAll = Optional.of(truth.ask());
    }

    /** Puts what has committed into the history, in Postgres's order. */
    private void order() throws SQLException, InterruptedException {
        List<Commit> commits = new ArrayList<>();
        for (Committed one : committed) {
            long lsn = site.witness().lsn(one.done().xid(), WITNESS_LIMIT);
            commits.add(new Commit(one.done().number(), one.done().xid(), lsn, one.after()));
        }
        committed.clear();
        commits.sort(Comparator.comparingLong(Commit::lsn));
        for (int i = 0; i < commits.size(); i++) {
            Commit commit = commits.get(i);
            boolean last = i == commits.size() - 1;
            history.add(
                    last && afterAll.isPresent()
                            ? new Commit(commit.number(), commit.xid(), commit.lsn(), afterAll)
                            : commit);
        }
        afterAll = Optional.empty();
    }

    private List<Done> writeAll(List<Transaction> transactions) throws SQLException {
        List<Done> done = new ArrayList<>();
        try (Writer writer = new Writer(site.database(), schema, numbers, tally)) {
            for (Transaction transaction : transactions) {
                writer.write(transaction).ifPresent(done::add);
            }
        }
        return done;
    }

    private void admin(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The schema goes, and the shapes where the server lets them be deleted. */
    @Override
    public void close() throws SQLException {
        stockClients.ifPresent(StockClients::close);
        for (LateCommit one : late) {
            one.cancel();
        }
        Set<String> handles = followers.values().stream()
                .flatMap(follower -> follower.handle().stream())
                .collect(Collectors.toSet());
        for (String handle : handles) {
            site.http()
                    .sendAsync(
                            HttpRequest.newBuilder(URI.create(site.target().shapeUrl() + "?handle=" + handle))
                                    .DELETE()
                                    .build(),
                            BodyHandlers.discarding())
                    .exceptionally(failed -> null)
                    .join();
        }
        line.ifPresent(Line::close);
        try (Connection last = admin;
                Statement statement = last.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        }
    }
}
