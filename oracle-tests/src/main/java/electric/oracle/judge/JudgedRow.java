package electric.oracle.judge;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as Postgres prints it, and the shapes it belongs to.
 *
 * @param key the digest of its key
 * @param columns the digest of each column
 * @param shapes by their place
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record JudgedRow(List<@Nullable String> values, long key, long[] columns, BitSet shapes) {}
