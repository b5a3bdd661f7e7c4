package electric.oracle.judge;

import java.util.Optional;

/**
 * A transaction that took effect.
 *
 * @param number in the order they were begun, 0 for the state at the beginning
 * @param xid the low 32 bits, as clients see it
 * @param lsn where Postgres put its commit
 * @param after what Postgres answered when it had committed and none after it; absent where several ran at once
 */
public record Commit(int number, long xid, long lsn, Optional<Answers> after) {}
