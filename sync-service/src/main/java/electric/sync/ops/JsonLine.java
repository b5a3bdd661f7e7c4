package electric.sync.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per line: time, level, logger, message, what is known of request and shape, and the error if any. */
record JsonLine(LogLevel level) implements Function<ILoggingEvent, String> {
    @Override
    public String apply(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", TextLine.name(event.getLevel()));
        line.put("logger", event.getLoggerName());
        line.put("message", Redacted.text(event.getFormattedMessage()));
        Fault.of(event, level).ifPresent(fault -> line.put("error", error(fault)));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.putIfAbsent(pair.key, shown(pair.key, pair.value)));
        }
        event.getMDCPropertyMap().forEach((key, value) -> line.putIfAbsent(key, shown(key, value)));
        return JsonMapper.shared().writeValueAsString(line) + "\n";
    }

    private static Map<String, String> error(Fault fault) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("class", fault.type());
        error.put("message", Redacted.text(fault.message()));
        if (!fault.stack().isEmpty()) {
            error.put("stack", Redacted.text(fault.stack()));
        }
        return error;
    }

    private static Object shown(String key, Object value) {
        boolean harmless = value instanceof Number || value instanceof Boolean;
        return harmless ? value : Redacted.value(key, String.valueOf(value));
    }
}
