package electric.sync.pg;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the sockets to Postgres find out that the other side is gone. What is empty stays as the operating system has it.
 *
 * @param idleSeconds how long a silent connection is left alone before it is probed
 * @param intervalSeconds how long a probe waits for its answer
 * @param count how many unanswered probes end the connection
 * @param userTimeoutMillis how long sent data may stay unacknowledged; Java cannot set it, so it is only warned about
 */
public record TcpOptions(
        OptionalInt idleSeconds, OptionalInt intervalSeconds, OptionalInt count, Optional<Long> userTimeoutMillis) {
    public static final TcpOptions SYSTEM =
            new TcpOptions(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    boolean keepAlive() {
        return idleSeconds.isPresent() || intervalSeconds.isPresent() || count.isPresent();
    }
}
