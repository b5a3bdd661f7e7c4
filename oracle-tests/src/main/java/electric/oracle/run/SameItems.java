package electric.oracle.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All clients of a shape get the same items, whenever they came: their digest up to a transaction is one. */
final class SameItems {
    private final Map<String, Map<Long, Long>> chains = new ConcurrentHashMap<>();

    /** Whether the items of a handle up to a transaction are those that others got, if any. */
    boolean agrees(String handle, long lsn, long chain) {
        Long other = chains.computeIfAbsent(handle, name -> new ConcurrentHashMap<>())
                .putIfAbsent(lsn, chain);
        return other == null || other == chain;
    }
}
