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
    static final String PARAMETER = "cursor";

    private static final Instant EPOCH = Instant.parse("2024-10-09T00:00:00Z");
    private static final int MAX_STEP = 3600;
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,100}");

    /** Digits of which no sum with a step is too large for a {@code long}. */
    private static final int PLAIN_DIGITS = 18;

    private Cursor() {}

    /** What a client sent; empty for nothing, or nothing that could be one. */
    static String in(Query query) {
        return query.value(PARAMETER) instanceof Query.Value.Text written ? written.text() : "";
    }

    /** @param previous what the client sent, which may be anything */
    static String next(String previous, Duration interval, Instant now, RandomGenerator random) {
        long seconds = interval.toSeconds();
        if (seconds == 0) {
            return "0";
        }
        long elapsed = now.getEpochSecond() - EPOCH.getEpochSecond();
        long aligned = Math.ceilDiv(elapsed, seconds) * seconds;
        long plain = plain(previous);
        if (plain >= 0) {
            return Long.toString(aligned > plain ? aligned : plain + random.nextInt(1, MAX_STEP + 1));
        }
        BigInteger before = INTEGER.matcher(previous).matches() ? new BigInteger(previous) : BigInteger.ZERO;
        BigInteger next = BigInteger.valueOf(aligned);
        return next.compareTo(before) > 0
                ? next.toString()
                : before.add(BigInteger.valueOf(random.nextInt(1, MAX_STEP + 1)))
                        .toString();
    }

    /** What clients send: digits we gave them, or nothing. Negative for anything else. */
    private static long plain(String text) {
        if (text.length() > PLAIN_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
