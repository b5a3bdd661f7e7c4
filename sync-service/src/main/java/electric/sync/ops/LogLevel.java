package electric.sync.ops;

import ch.qos.logback.classic.Level;

/** How much is logged. Notices are information that is always worth a line, so they share a level with it. */
public enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG;

    Level level() {
        return switch (this) {
            case ERROR -> Level.ERROR;
            case WARNING -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
        };
    }

    /** @throws IllegalArgumentException naming the levels people should use */
    static LogLevel named(String name) {
        return switch (name) {
            case "emergency", "alert", "critical", "error" -> ERROR;
            case "warning", "warn" -> WARNING;
            case "notice", "info" -> INFO;
            case "debug" -> DEBUG;
            default ->
                throw new IllegalArgumentException("Must be one of [\"error\", \"warning\", \"info\", \"debug\"]");
        };
    }
}
