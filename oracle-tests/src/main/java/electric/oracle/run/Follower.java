package electric.oracle.run;

import electric.oracle.Boundary;
import electric.oracle.EventFeed;
import electric.oracle.LogItem;
import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.SnapshotEnd;
import electric.oracle.LogItem.SnapshotRow;
import electric.oracle.LogItem.UpToDate;
import electric.oracle.ShapeClient;
import electric.oracle.ShapeResponse;
import electric.oracle.Violation;
import electric.oracle.judge.Answers;
import electric.oracle.judge.Commit;
import electric.oracle.judge.History;
import electric.oracle.judge.Verdict;
import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.ShapePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client of a scenario, which is judged after every commit. */
final class Follower {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);
    private static final Duration AGAIN = Duration.ofMillis(50);

    /** Every so many times a view is compared row by row, for those who do not trust digests. */
    private static final int WHOLE_EVERY = 16;

    private final ClientPlan plan;
    private final ShapePlan shape;
    private final int place;
    private final History history;
    private final SameItems sameItems;
    private final Tally tally;
    private final Function<Consumer<LogItem>, ShapeClient> clients;

    private ShapeClient client;
    private Map<String, Map<String, @Nullable String>> base = Map.of();
    private long baseDigest;
    private int next;
    private @Nullable Boundary snapshot;
    private final List<LogItem> items = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private long chain;
    private int follows;
    private final boolean keepsViews;
    private final NavigableMap<Integer, Map<String, Map<String, @Nullable String>>> views = new TreeMap<>();

    /** What the view was when it was last up to date; told by the thread of events. */
    private volatile long told;

    /** What the view was after all items of a transaction. */
    private record Mark(long lsn, long digest, long chain) {}

    /**
     * @param place of the shape in the history's digests
     * @param keepsViews whether {@link #viewAfter} will be asked
     */
    Follower(
            ClientPlan plan,
            ShapePlan shape,
            int place,
            History history,
            SameItems sameItems,
            Tally tally,
            boolean keepsViews,
            Function<Consumer<LogItem>, ShapeClient> clients) {
        this.plan = plan;
        this.shape = shape;
        this.place = place;
        this.history = history;
        this.sameItems = sameItems;
        this.tally = tally;
        this.keepsViews = keepsViews;
        this.clients = clients;
        this.client = clients.apply(this::took);
    }

    String name() {
        return plan.name();
    }

    Optional<String> handle() {
        return client.handle();
    }

    /** Begins at -1, as one that was never there. */
    void beginAnew() {
        client = clients.apply(this::took);
        forget();
    }

    private void forget() {
        base = Map.of();
        baseDigest = 0;
        snapshot = null;
        items.clear();
        marks.clear();
        chain = 0;
        next = 0;
    }

    private void took(LogItem item) {
        switch (item) {
            case SnapshotRow row -> {
                items.add(row);
                chain = chain * 31 + row.hashCode();
            }
            case SnapshotEnd end -> {
                snapshot = end.boundary();
                baseDigest = client.view().digest();
            }
            case Change change -> {
                items.add(change);
                chain = chain * 31 + change.hashCode();
                long lsn = change.offset().tx();
                if (!marks.isEmpty() && marks.getLast().lsn() == lsn) {
                    marks.removeLast();
                }
                marks.add(new Mark(lsn, client.view().digest(), chain));
            }
            case UpToDate end -> told = client.view().digest();
        }
    }

    /** Follows to the goal and is judged there. Returns what is wrong. */
    Optional<Failure> follow(Goal goal, Failures failures) throws InterruptedException {
        follows++;
        boolean refetched = false;
        Verdict quiet = plan.way() == Way.WAITS ? Verdict.N3 : Verdict.N4;
        try {
            if (plan.way() == Way.LISTENS && client.isLive() && !listensToTheEnd(goal)) {
                return neverSeen(goal, failures);
            }
            if (plan.way() != Way.WAITS) {
                goal.await();
                client.beLate();
            }
            client.askTwice(goal.everythingTwice());
            Duration pause = FIRST_PAUSE;
            while (true) {
                tally.request();
                Optional<ShapeResponse> answer = step(goal);
                if (answer.isEmpty()) {
                    if (goal.isOver()) {
                        return neverSeen(goal, failures);
                    }
                    continue;
                }
                ShapeResponse response = answer.get();
                switch (response) {
                    case ShapeResponse.MustRefetch gone -> {
                        refetched = true;
                        forget();
                    }
                    case ShapeResponse.Log log -> {
                        Optional<Long> lsn = goal.lsn();
                        if (log.upToDate() && lsn.isPresent()) {
                            if (client.claimedLsn() >= lsn.get()) {
                                return judge(goal, refetched, quiet, failures);
                            }
                            if (plan.way() != Way.WAITS) {
                                Thread.sleep(pause);
                                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
                                client.beLate();
                            }
                        }
                    }
                }
                if (goal.isOver()) {
                    return neverSeen(goal, failures);
                }
            }
        } catch (Violation.Unavailable later) {
            return broken(Verdict.A6, Verdict.N6, String.valueOf(later.getMessage()), failures);
        } catch (Violation violation) {
            return broken(Verdict.A7, Verdict.N7, String.valueOf(violation.getMessage()), failures);
        } catch (UncheckedIOException failed) {
            return broken(Verdict.A6, Verdict.N6, String.valueOf(failed.getMessage()), failures);
        }
    }

    /** Nothing where the request failed and may be sent again. */
    private Optional<ShapeResponse> step(Goal goal) throws InterruptedException {
        try {
            return Optional.of(client.step());
        } catch (Violation.Unavailable later) {
            if (!goal.errorsAllowed()) {
                throw later;
            }
        } catch (UncheckedIOException failed) {
            if (!goal.errorsAllowed()) {
                throw failed;
            }
        }
        tally.failedRequest();
        Thread.sleep(AGAIN);
        return Optional.empty();
    }

    /** Returns whether events told all, or ended before, which is for other requests to look into. */
    private boolean listensToTheEnd(Goal goal) throws InterruptedException {
        told = client.view().digest();
        Optional<EventFeed> listening = listen(goal);
        if (listening.isEmpty()) {
            return true;
        }
        try (EventFeed feed = listening.get()) {
            goal.await();
            long wanted = history.digest(history.size() - 1, place).orElseThrow();
            while (told != wanted && feed.isOpen() && !goal.isOver()) {
                Thread.sleep(FIRST_PAUSE);
            }
            if (feed.brokeOff() && !goal.errorsAllowed()) {
                throw new UncheckedIOException(new IOException("The events broke off"));
            }
            return told == wanted || !feed.isOpen();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Optional<EventFeed> listen(Goal goal) throws InterruptedException {
        try {
            return client.listen();
        } catch (UncheckedIOException failed) {
            if (!goal.errorsAllowed()) {
                throw failed;
            }
            tally.failedRequest();
            return Optional.empty();
        }
    }

    private Optional<Failure> judge(Goal goal, boolean refetched, Verdict quiet, Failures failures) {
        FilterClass counted = goal.refetchAllowed() ? FilterClass.O6 : shape.filterClass();
        Boundary seen = snapshot;
        if (seen != null) {
            next = Math.max(0, history.lastSeenBy(seen));
            snapshot = null;
        }
        views.clear();
        int mark = 0;
        long digest = baseDigest;
        int all = history.size();
        while (next < all) {
            Commit commit = history.get(next);
            boolean told = false;
            while (mark < marks.size() && marks.get(mark).lsn() <= commit.lsn()) {
                told = marks.get(mark).lsn() == commit.lsn();
                digest = marks.get(mark).digest();
                mark++;
            }
            Optional<Long> expected = history.digest(next, place);
            if (expected.isPresent()) {
                boolean affected = history.isAffected(next, place);
                boolean right = expected.get() == digest;
                Verdict verdict = verdict(affected, told, right, quiet);
                tally.check(counted, right && refetched ? (affected ? Verdict.A5 : Verdict.N5) : verdict);
                if (!right) {
                    return Optional.of(different(
                            verdict, commit, history.answers(next), "after transaction " + commit.number(), failures));
                }
            }
            if (keepsViews) {
                views.put(next, viewAt(commit.lsn()));
            }
            next++;
        }
        if (refetched && !goal.refetchAllowed() && !shape.filterClass().mayRefetch()) {
            return broken(Verdict.A5, Verdict.N5, "a 409 although nothing happened that ends shapes", failures);
        }
        Optional<Failure> other = compareWithOthers(failures);
        if (other.isEmpty()) {
            other = compareWhole(failures);
        }
        if (!items.isEmpty()) {
            base = new HashMap<>(client.view().rows());
            baseDigest = client.view().digest();
            items.clear();
            marks.clear();
        }
        return other;
    }

    /** The view it had after a commit it was judged at the last time, if it was there. */
    Optional<Map<String, Map<String, @Nullable String>>> viewAfter(int commit) {
        return Optional.ofNullable(views.get(commit));
    }

    private static Verdict verdict(boolean affected, boolean told, boolean right, Verdict quiet) {
        if (right) {
            return affected ? Verdict.A1 : told ? Verdict.N1 : quiet;
        }
        return affected ? told ? Verdict.A2 : Verdict.A4 : Verdict.N2;
    }

    private Optional<Failure> compareWithOthers(Failures failures) {
        for (Mark mark : marks) {
            if (!sameItems.agrees(handle().orElseThrow(), mark.lsn(), mark.chain())) {
                return broken(
                        Verdict.A7,
                        Verdict.N7,
                        "up to " + mark.lsn() + " it got other items than another client of " + handle().orElseThrow(),
                        failures);
            }
        }
        return Optional.empty();
    }

    private Optional<Failure> compareWhole(Failures failures) {
        int last = history.size() - 1;
        Optional<Answers> answers = history.answers(last);
        if (answers.isEmpty() || follows % WHOLE_EVERY != 1) {
            return Optional.empty();
        }
        tally.wholeComparison();
        return answers.get().rows(shape).equals(client.view().rows())
                ? Optional.empty()
                : Optional.of(different(Verdict.A2, history.get(last), answers, "compared row by row", failures));
    }

    private Failure different(
            Verdict verdict, Commit commit, Optional<Answers> answers, String words, Failures failures) {
        return failures.of(
                this, verdict, words, answers.map(all -> all.rows(shape)), Optional.of(viewAt(commit.lsn())));
    }

    private Optional<Failure> neverSeen(Goal goal, Failures failures) {
        int last = history.size() - 1;
        long wanted = goal.lsn().orElseThrow();
        Optional<Answers> answers = history.answers(last);
        return Optional.of(failures.of(
                this,
                Verdict.A3,
                "not up to date at " + wanted + " within the limit, the last claim was " + client.claimedLsn(),
                answers.map(all -> all.rows(shape)),
                Optional.of(viewAt(Long.MAX_VALUE))));
    }

    private Optional<Failure> broken(Verdict affected, Verdict unaffected, String words, Failures failures) {
        int last = history.size() - 1;
        Verdict verdict = history.isAffected(last, place) ? affected : unaffected;
        tally.check(shape.filterClass(), verdict);
        return Optional.of(failures.of(this, verdict, words, Optional.empty(), Optional.empty()));
    }

    /** What the view was when everything up to that position had been told. */
    private Map<String, Map<String, @Nullable String>> viewAt(long lsn) {
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>(base);
        for (LogItem item : items) {
            switch (item) {
                case SnapshotRow row -> rows.put(row.key(), row.value());
                case Change change -> {
                    if (change.offset().tx() <= lsn) {
                        apply(rows, change);
                    }
                }
                case SnapshotEnd end -> {}
                case UpToDate end -> {}
            }
        }
        return rows;
    }

    private static void apply(Map<String, Map<String, @Nullable String>> rows, Change change) {
        switch (change.operation()) {
            case INSERT -> rows.put(change.key(), change.value());
            case UPDATE -> {
                Map<String, @Nullable String> row = new HashMap<>(rows.getOrDefault(change.key(), Map.of()));
                row.putAll(change.value());
                rows.put(change.key(), row);
            }
            case DELETE -> rows.remove(change.key());
        }
    }

    ShapePlan shape() {
        return shape;
    }

    ShapeClient client() {
        return client;
    }
}
