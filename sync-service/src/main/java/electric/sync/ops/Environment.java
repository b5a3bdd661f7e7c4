package electric.sync.ops;

import electric.sync.pg.DatabaseUrl;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which text of the environment becomes values. A variable that is not set has its default; one without a
 * default is empty.
 */
final class Environment {
    private static final Pattern QUANTITY = Pattern.compile("(?<number>[0-9]+(?:\\.[0-9]+)?) *(?<unit>[A-Za-z]*)");
    private static final BigDecimal LONGEST_MILLIS =
            BigDecimal.valueOf(Duration.ofDays(36_500).toMillis());

    private final Map<String, String> values;

    Environment(Map<String, String> values) {
        this.values = values;
    }

    boolean isSet(Variable variable) {
        return values.containsKey(variable.key);
    }

    /** What was set, or else the default, or else nothing. */
    Optional<String> text(Variable variable) {
        String value = values.get(variable.key);
        return value != null || variable.unset.isEmpty() ? Optional.ofNullable(value) : Optional.of(variable.unset);
    }

    Optional<Path> path(Variable variable) {
        return text(variable).map(Path::of);
    }

    boolean bool(Variable variable) {
        return text(variable)
                .map(text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "false", "0", "" -> false;
                    default -> true;
                })
                .orElse(false);
    }

    boolean nonEmptyBool(Variable variable) {
        if (text(variable).orElse("").isEmpty()) {
            throw new InvalidSettings(
                    "Error converting variable " + variable.key + " to boolean!: non-empty value required");
        }
        return bool(variable);
    }

    /** The empty text is 0. */
    Optional<Integer> integer(Variable variable) {
        return number(variable, Integer.MAX_VALUE).map(Long::intValue);
    }

    Optional<Integer> port(Variable variable) {
        return number(variable, 65_535).map(Long::intValue);
    }

    /** An integer that may be larger than an int: a count of bytes. */
    Optional<Long> bytes(Variable variable) {
        return number(variable, Long.MAX_VALUE);
    }

    private Optional<Long> number(Variable variable, long max) {
        return text(variable).map(text -> {
            if (text.isEmpty()) {
                return 0L;
            }
            if (!text.matches("-?[0-9]+")) {
                throw new InvalidSettings(
                        "Error converting variable " + variable.key + " to integer: Unparsable as integer");
            }
            BigDecimal number = new BigDecimal(text);
            if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
                throw new InvalidSettings(
                        "Error converting variable " + variable.key + " to integer: must be between 0 and " + max);
            }
            return number.longValueExact();
        });
    }

    Optional<Double> decimal(Variable variable) {
        return text(variable).map(text -> {
            if (!text.matches("([0-9]+(\\.[0-9]+)?)?")) {
                throw new InvalidSettings(
                        "Error converting variable " + variable.key + " to float: Unparsable as float");
            }
            return text.isEmpty() ? 0.0 : Double.parseDouble(text);
        });
    }

    Optional<Duration> duration(Variable variable) {
        return converted(variable, Environment::duration);
    }

    Optional<Long> size(Variable variable) {
        return converted(variable, Environment::size);
    }

    Optional<DatabaseUrl> databaseUrl(Variable variable) {
        return converted(variable, DatabaseUrl::parse);
    }

    /** Applies a conversion that refuses with an {@code IllegalArgumentException}, and names the variable in the refusal. */
    <T> Optional<T> converted(Variable variable, Function<String, T> conversion) {
        return text(variable).map(text -> {
            try {
                return conversion.apply(text);
            } catch (IllegalArgumentException e) {
                throw new InvalidSettings(
                        "Error converting variable " + variable.key + " using custom function: " + e.getMessage());
            }
        });
    }

    private static Duration duration(String text) {
        BigDecimal millis = quantity(text, unit -> switch (unit) {
            case "", "ms", "msec" -> 1L;
            case "s", "sec" -> 1_000L;
            case "m", "min" -> 60_000L;
            default -> null;
        });
        if (millis == null || millis.compareTo(LONGEST_MILLIS) > 0) {
            throw new IllegalArgumentException("invalid time unit: \"" + text
                    + "\". Must be one of [\"ms\", \"msec\", \"s\", \"sec\", \"m\", \"min\"]");
        }
        return Duration.ofMillis(millis.longValue());
    }

    private static long size(String text) {
        BigDecimal bytes = quantity(text, unit -> switch (unit) {
            case "" -> 1L;
            case "KB" -> 1_000L;
            case "KiB" -> 1L << 10;
            case "MB" -> 1_000_000L;
            case "MiB" -> 1L << 20;
            case "GB" -> 1_000_000_000L;
            case "GiB" -> 1L << 30;
            default -> null;
        });
        if (bytes == null || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("invalid size unit: \"" + text
                    + "\". Must be one of [\"KB\", \"KiB\", \"MB\", \"MiB\", \"GB\", \"GiB\"]");
        }
        return bytes.longValue();
    }

    /** A positive number times its unit; {@code null} when it is not that. */
    private static @Nullable BigDecimal quantity(String text, Function<String, @Nullable Long> units) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return null;
        }
        Long unit = units.apply(quantity.group("unit"));
        BigDecimal number = new BigDecimal(quantity.group("number"));
        return unit == null || number.signum() == 0 ? null : number.multiply(BigDecimal.valueOf(unit));
    }
}
