package electric.sync.http;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The cursor of live answers: all clients that poll in the same interval get the same one, so that caches collapse their
 * requests, and no client ever gets the one it sent, so that no cache answers a live request with an old answer.
 */
final class Cursor {
    private static final Instant EPOCH = Instant.parse("2024-10-09T00:00:00Z");
    private static final int MAX_STEP = 3600;
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,100}");

    private Cursor() {}

    /** @param previous what the client sent, which may be anything */
    static String next(String previous, Duration interval, Instant now, RandomGenerator random) {
        long seconds = interval.toSeconds();
        if (seconds == 0) {
            return "0";
        }
        long elapsed = now.getEpochSecond() - EPOCH.getEpochSecond();
        BigInteger aligned = BigInteger.valueOf(Math.ceilDiv(elapsed, seconds) * seconds);
        BigInteger before = INTEGER.matcher(previous).matches() ? new BigInteger(previous) : BigInteger.ZERO;
        BigInteger next = aligned.compareTo(before) > 0
                ? aligned
                : before.add(BigInteger.valueOf(random.nextInt(1, MAX_STEP + 1)));
        return next.toString();
    }
}
