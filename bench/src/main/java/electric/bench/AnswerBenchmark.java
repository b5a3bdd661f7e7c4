package electric.bench;

import electric.sync.http.AnsweredInMemory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs from the bytes of a request to those of its answer, without the socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnswerBenchmark {
    private static final int ROWS = 5_000;

    private AnsweredInMemory shape = new AnsweredInMemory(1);

    @Setup
    public void prepare() {
        shape.close();
        shape = new AnsweredInMemory(ROWS);
    }

    @TearDown
    public void end() {
        shape.close();
    }

    private static int answered(int bytes) {
        if (bytes == 0) {
            throw new IllegalStateException("no answer");
        }
        return bytes;
    }

    /** A client that has everything asks whether there is more. */
    @Benchmark
    public int upToDate() {
        return answered(shape.ask(shape.end(), false));
    }

    /** A client waits, a row is committed, and it is sent. */
    @Benchmark
    public int change() {
        if (shape.ask(shape.end(), true) != 0) {
            throw new IllegalStateException("there was nothing to wait for");
        }
        return answered(shape.commit());
    }

    /** A megabyte of a snapshot that was read before. */
    @Benchmark
    public int chunk() {
        return answered(shape.ask("-1", false));
    }
}
