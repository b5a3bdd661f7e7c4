package electric.sync.http;

import electric.sync.serve.Answer;
import electric.sync.serve.ShapeRequest;
import electric.sync.serve.ShapeServer.Deletion;
import electric.sync.serve.Shapes;
import electric.sync.shape.ShapeDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers as a test says, at once or when it says so. */
final class FakeShapes implements Shapes {
    /** A request that waits for its answer. */
    record Asked(
            ShapeRequest request,
            ScheduledExecutorService loop,
            Runnable begun,
            Consumer<Answer> reply,
            AtomicInteger abandoned) {
        void begin() {
            loop.execute(begun);
        }

        void answer(Answer answer) {
            loop.execute(() -> reply.accept(answer));
        }
    }

    final List<ShapeRequest> requests = new CopyOnWriteArrayList<>();
    final BlockingQueue<Asked> waiting = new LinkedBlockingQueue<>();
    final Set<String> known = new HashSet<>();
    volatile Deletion deletion = Deletion.DELETED;
    final List<String> deletions = new CopyOnWriteArrayList<>();
    private volatile @Nullable Function<ShapeRequest, Answer> answers;

    void answerWith(Function<ShapeRequest, Answer> answering) {
        answers = answering;
    }

    Asked nextAsked() throws InterruptedException {
        Asked asked = waiting.poll(10, TimeUnit.SECONDS);
        if (asked == null) {
            throw new AssertionError("no request arrived");
        }
        return asked;
    }

    @Override
    public Runnable answer(
            ShapeRequest request, ScheduledExecutorService loop, Runnable begun, Consumer<Answer> reply) {
        requests.add(request);
        Function<ShapeRequest, Answer> answering = answers;
        if (answering != null) {
            begun.run();
            reply.accept(answering.apply(request));
            return () -> {};
        }
        Asked asked = new Asked(request, loop, begun, reply, new AtomicInteger());
        waiting.add(asked);
        return asked.abandoned::incrementAndGet;
    }

    @Override
    public synchronized boolean knows(String handle) {
        return known.contains(handle);
    }

    @Override
    public boolean has(ShapeDefinition definition) {
        return true;
    }

    @Override
    public Deletion delete(@Nullable ShapeDefinition definition, @Nullable String handle) {
        deletions.add((definition == null ? "-" : definition.table().toString()) + " " + handle);
        return deletion;
    }
}
