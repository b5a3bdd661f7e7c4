package electric.sync.http;

import electric.sync.coding.Coding;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How much a client likes the codings it can read; zero for what it cannot. */
record AcceptEncoding(double gzip, double zstd, double identity) {
    /** What is the same to a client is decided by us: zstd is made five times as fast as gzip, and smaller. */
    private static final List<Coding> BY_PREFERENCE = List.of(Coding.ZSTD, Coding.GZIP, Coding.IDENTITY);

    /** @param lines the lines of the header; none when the client says nothing, and then it gets bytes as they are */
    static AcceptEncoding of(List<String> lines) {
        Double gzip = null;
        Double zstd = null;
        Double identity = null;
        Double others = null;
        for (String line : lines) {
            for (String item : line.split(",", -1)) {
                int semicolon = item.indexOf(';');
                String name = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
                double weight = semicolon < 0 ? 1 : weight(item.substring(semicolon + 1));
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "gzip", "x-gzip" -> gzip = weight;
                    case "zstd" -> zstd = weight;
                    case "identity" -> identity = weight;
                    case "*" -> others = weight;
                    default -> {}
                }
            }
        }
        // A star alone says nothing about what a client has: only the oldest coding is then sure.
        double unnamed = others == null ? 0 : others;
        return new AcceptEncoding(
                gzip == null ? unnamed : gzip,
                zstd == null ? 0 : zstd,
                identity != null ? identity : others != null && others == 0 ? 0 : Double.MIN_VALUE);
    }

    /** Whether the lines must be read to know if the bytes as they are will do. */
    static boolean mayRefuseIdentity(List<String> lines) {
        for (String line : lines) {
            if (line.indexOf('*') >= 0 || line.toLowerCase(Locale.ROOT).contains("identity")) {
                return true;
            }
        }
        return false;
    }

    /** Zero, which is a refusal, for what is no weight. */
    private static double weight(String parameter) {
        String[] halves = parameter.split("=", 2);
        if (halves.length < 2 || !halves[0].strip().equalsIgnoreCase("q")) {
            return 0;
        }
        String digits = halves[1].strip();
        return digits.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(digits) : 0;
    }

    boolean accepts(Coding coding) {
        return weight(coding) > 0;
    }

    private double weight(Coding coding) {
        return switch (coding) {
            case GZIP -> gzip;
            case ZSTD -> zstd;
            case IDENTITY -> identity;
        };
    }

    /** The coding the client likes best of those it has; identity when it refuses all, for an answer is better than none. */
    Coding best(Predicate<Coding> offered) {
        @Nullable Coding best = null;
        for (Coding coding : BY_PREFERENCE) {
            if (accepts(coding) && offered.test(coding) && (best == null || weight(coding) > weight(best))) {
                best = coding;
            }
        }
        return best == null ? Coding.IDENTITY : best;
    }
}
