package electric.oracle.run;

import electric.oracle.judge.History;
import electric.oracle.judge.Verdict;
import electric.oracle.run.StockClients.Told;
import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An application with the stock client: what it has at the end of a batch is what Postgres answers. */
final class StockFollower {
    private final ClientPlan plan;
    private final ShapePlan shape;
    private final History history;
    private final StockClients clients;
    private final Tally tally;
    private int refetches;

    StockFollower(ClientPlan plan, ShapePlan shape, History history, StockClients clients, Tally tally) {
        this.plan = plan;
        this.shape = shape;
        this.history = history;
        this.clients = clients;
        this.tally = tally;
    }

    Optional<Failure> follow(Goal goal, Scenario scenario, int step) throws InterruptedException {
        goal.await();
        Optional<Told> told = clients.ask(plan.name(), goal.lsn().orElseThrow(), goal.left());
        int last = history.size() - 1;
        Map<String, Map<String, @Nullable String>> expected =
                history.answers(last).orElseThrow().rows(shape);
        Verdict verdict = told.map(has -> verdict(has, goal, expected)).orElse(Verdict.A3);
        tally.check(shape.filterClass(), verdict);
        refetches = told.map(Told::refetches).orElse(refetches);
        if (verdict == Verdict.A1) {
            return Optional.empty();
        }
        return Optional.of(new Failure(
                scenario,
                step,
                plan.name(),
                shape,
                Optional.empty(),
                verdict,
                "the stock client"
                        + told.map(Told::errors)
                                .filter(errors -> !errors.isEmpty())
                                .map(errors -> ": " + errors)
                                .orElse(""),
                Optional.of(expected),
                told.map(Told::rows),
                List.of()));
    }

    private Verdict verdict(Told told, Goal goal, Map<String, Map<String, @Nullable String>> expected) {
        if (!told.errors().isEmpty()) {
            return Verdict.A6;
        }
        if (told.refetches() > refetches
                && !goal.refetchAllowed()
                && !shape.filterClass().mayRefetch()) {
            return Verdict.A5;
        }
        return told.rows().equals(expected) ? Verdict.A1 : Verdict.A2;
    }
}
