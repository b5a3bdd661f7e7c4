package electric.oracle.run;

import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Join;
import electric.oracle.scenario.Step.Leave;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import electric.oracle.scenario.Step.Withheld;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes a scenario that fails as small as it can be and still fail in the same way: other shapes go first, then steps,
 * statements, rows and parts of the filter. Each candidate is really run.
 */
final class Shrinker {
    /** What depends on timing may need a few runs to fail again. */
    private static final int TRIES_OF_THE_TIMED = 3;

    private final Attempt attempt;
    private final long deadline;
    private Failure failure;
    private int attempts;

    /** A run of a candidate. */
    @FunctionalInterface
    interface Attempt {
        Optional<Failure> of(Scenario scenario) throws SQLException, InterruptedException;
    }

    Shrinker(Failure failure, Attempt attempt, Duration limit) {
        this.failure = failure;
        this.attempt = attempt;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** The failure of the smallest scenario that was found. */
    Failure shrink() throws InterruptedException {
        aloneWithItsShape();
        oneAfterTheOther();
        int before;
        do {
            before = size();
            stepsAndStatements();
            list(scenario().rows(), fewer -> scenario().withRows(fewer));
            list(scenario().ddl(), fewer -> scenario().withDdl(fewer));
            filter();
        } while (size() < before && isTimeLeft());
        return failure;
    }

    int attempts() {
        return attempts;
    }

    private Scenario scenario() {
        return failure.scenario();
    }

    private void aloneWithItsShape() throws InterruptedException {
        Scenario whole = scenario();
        List<ShapePlan> shape = List.of(whole.shape(failure.shape().name()));
        List<Step> steps = whole.steps().subList(0, Math.max(0, failure.step() + 1));
        List<ClientPlan> itsClients = whole.clients().stream()
                .filter(client -> whole.shape(client.shape()).isSameAs(failure.shape()))
                .map(client -> new ClientPlan(client.name(), failure.shape().name(), client.way()))
                .toList();
        List<ClientPlan> one = itsClients.stream()
                .filter(client -> client.name().equals(failure.client()))
                .toList();
        for (List<ClientPlan> clients : List.of(one, itsClients)) {
            List<Step> theirs =
                    steps.stream().filter(step -> isAbout(step, clients)).toList();
            // Perhaps it need not come late.
            List<Step> early = theirs.stream()
                    .filter(step -> !(step instanceof Join) && !(step instanceof Leave))
                    .toList();
            if (fails(whole.withShapes(shape, clients).withSteps(early))
                    || fails(whole.withShapes(shape, clients).withSteps(theirs))) {
                return;
            }
        }
    }

    private static boolean isAbout(Step step, List<ClientPlan> clients) {
        Predicate<String> isOne =
                name -> clients.stream().anyMatch(client -> client.name().equals(name));
        return switch (step) {
            case Join join -> isOne.test(join.client());
            case Leave leave -> isOne.test(leave.client());
            case Forget forget -> isOne.test(forget.client());
            case Break any -> true;
            case Transaction any -> true;
            case Withheld any -> true;
            case Together any -> true;
        };
    }

    /** Concurrent writers one after the other, and everybody judged after each transaction. */
    private void oneAfterTheOther() throws InterruptedException {
        List<Step> sequence = new ArrayList<>();
        for (Step step : scenario().steps()) {
            switch (step) {
                case Together together ->
                    together.writers().forEach(writer -> writer.forEach(one -> sequence.add(one.withPace(Pace.WAIT))));
                case Transaction transaction -> sequence.add(transaction.withPace(Pace.WAIT));
                case Withheld withheld -> sequence.add(withheld);
                case Join join -> sequence.add(join);
                case Leave leave -> sequence.add(leave);
                case Forget forget -> sequence.add(forget);
                case Break fault -> sequence.add(fault);
            }
        }
        if (fails(scenario().withSteps(sequence))) {
            fails(scenario().withSteps(scenario().steps().subList(0, Math.max(0, failure.step() + 1))));
        }
    }

    private void stepsAndStatements() throws InterruptedException {
        list(scenario().steps(), scenario()::withSteps);
        for (int i = 0; i < scenario().steps().size(); i++) {
            if (scenario().steps().get(i) instanceof Transaction transaction) {
                int place = i;
                list(transaction.sql(), fewer -> {
                    List<Step> steps = new ArrayList<>(scenario().steps());
                    steps.set(place, transaction.withSql(fewer));
                    return scenario().withSteps(steps);
                });
            } else if (scenario().steps().get(i) instanceof Withheld withheld) {
                int place = i;
                list(withheld.transaction().sql(), fewer -> {
                    List<Step> steps = new ArrayList<>(scenario().steps());
                    steps.set(place, new Withheld(withheld.transaction().withSql(fewer)));
                    return scenario().withSteps(steps);
                });
            }
        }
    }

    /** Without halves, quarters and so on to single ones. */
    private <T> void list(List<T> all, Function<List<T>, Scenario> with) throws InterruptedException {
        List<T> left = all;
        for (int part = Math.max(1, left.size() / 2); part >= 1; part = part == 1 ? 0 : part / 2) {
            for (int from = left.size() - part; from > -part && isTimeLeft(); from -= part) {
                List<T> fewer = new ArrayList<>(left);
                fewer.subList(Math.max(0, from), Math.min(left.size(), from + part))
                        .clear();
                if (fewer.size() < left.size() && fails(with.apply(fewer))) {
                    left = fewer;
                }
            }
        }
    }

    /** None at all, or one of the parts between parentheses. */
    private void filter() throws InterruptedException {
        if (shape().columns().isPresent()) {
            failsWith(shape().withColumns(Optional.empty()));
        }
        if (shape().where().isPresent()) {
            failsWith(shape().withWhere(Optional.empty()));
        }
        boolean smaller = true;
        while (smaller && isTimeLeft()) {
            smaller = false;
            for (String part : parts(shape().where().orElse(""))) {
                if (failsWith(shape().withWhere(Optional.of(part)))) {
                    smaller = true;
                    break;
                }
            }
        }
    }

    private ShapePlan shape() {
        return scenario().shape(failure.shape().name());
    }

    private boolean failsWith(ShapePlan other) throws InterruptedException {
        List<ShapePlan> shapes = scenario().shapes().stream()
                .map(shape -> shape.name().equals(other.name()) ? other : shape)
                .toList();
        return fails(scenario().withShapes(shapes, scenario().clients()));
    }

    /** What stands between parentheses, the longest last. Whether it is a condition, the server says. */
    private static List<String> parts(String clause) {
        List<String> parts = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        char quote = 0;
        for (int i = 0; i < clause.length(); i++) {
            char c = clause.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                open.add(i);
            } else if (c == ')' && !open.isEmpty()) {
                String part = clause.substring(open.removeLast() + 1, i);
                if (part.length() < clause.length()) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private boolean fails(Scenario candidate) throws InterruptedException {
        boolean timed = candidate.steps().stream()
                .anyMatch(step -> step instanceof Together || step instanceof Break || step instanceof Withheld);
        for (int i = 0; i < (timed ? TRIES_OF_THE_TIMED : 1) && isTimeLeft(); i++) {
            attempts++;
            Optional<Failure> again;
            try {
                again = attempt.of(candidate);
            } catch (SQLException unfit) {
                return false;
            }
            if (again.isPresent() && failure.isLike(again.get())) {
                failure = again.get();
                return true;
            }
        }
        return false;
    }

    private boolean isTimeLeft() {
        return System.nanoTime() < deadline;
    }

    private int size() {
        return scenario().rows().size()
                + statements(scenario())
                + shape().where().orElse("").length();
    }

    /** How many statements the steps of a scenario have. */
    static int statements(Scenario scenario) {
        int statements = 0;
        for (Step step : scenario.steps()) {
            statements += switch (step) {
                case Transaction transaction -> transaction.sql().size();
                case Together together ->
                    together.writers().stream()
                            .flatMap(List::stream)
                            .mapToInt(transaction -> transaction.sql().size())
                            .sum();
                case Withheld withheld -> withheld.transaction().sql().size();
                case Join join -> 0;
                case Leave leave -> 0;
                case Forget forget -> 0;
                case Break fault -> 0;
            };
        }
        return statements;
    }
}
