package electric.sync.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/** {@code <time> [<key>=<value> ...] [<level>] <message>}: one line per event, whatever its message holds. */
record TextLine(LogLevel level, boolean colors) implements Function<ILoggingEvent, String> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern NEXT_LINE = Pattern.compile("\\R(?=\\S)");
    private static final Pattern NEEDS_QUOTES = Pattern.compile("[\\s\"]");

    @Override
    public String apply(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(TIME.format(event.getInstant())).append(' ');
        metadata(event)
                .forEach((key, value) ->
                        line.append(key).append('=').append(value).append(' '));
        line.append('[').append(name(event.getLevel())).append("] ");
        line.append(oneLine(event.getFormattedMessage()));
        Fault.of(event, level).ifPresent(fault -> {
            line.append(" (").append(fault.type().substring(fault.type().lastIndexOf('.') + 1));
            line.append(": ").append(oneLine(fault.message())).append(')');
            if (!fault.stack().isEmpty()) {
                // Every further line is indented, so that none can pass for an event of its own.
                line.append("\n\t").append(NEXT_LINE.matcher(fault.stack()).replaceAll("\n\t"));
            }
        });
        return colored(event.getLevel(), Redacted.text(line.toString())) + "\n";
    }

    /** What is known of the request or shape, from the thread first and from the event itself. */
    static Map<String, String> metadata(ILoggingEvent event) {
        Map<String, String> metadata = new LinkedHashMap<>(event.getMDCPropertyMap());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> metadata.put(pair.key, String.valueOf(pair.value)));
        }
        metadata.replaceAll((key, value) -> {
            String shown = oneLine(Redacted.value(key, value));
            return NEEDS_QUOTES.matcher(shown).find() ? '"' + shown.replace("\"", "\\\"") + '"' : shown;
        });
        return metadata;
    }

    static String name(Level level) {
        return level == Level.WARN ? "warning" : level.toString().toLowerCase(Locale.ROOT);
    }

    private static String oneLine(String text) {
        return CONTROL.matcher(text)
                .replaceAll(control -> switch (control.group().charAt(0)) {
                    case '\n' -> "\\\\n";
                    case '\r' -> "\\\\r";
                    case '\t' -> "\t";
                    default -> "?";
                });
    }

    private String colored(Level level, String line) {
        if (!colors) {
            return line;
        }
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "\u001b[31m" + line + "\u001b[0m";
            case Level.WARN_INT -> "\u001b[33m" + line + "\u001b[0m";
            case Level.DEBUG_INT -> "\u001b[36m" + line + "\u001b[0m";
            default -> line;
        };
    }
}
