package electric.sync.ops;

import ch.qos.logback.classic.Level;

/** How much is logged. Notices are information that is always worth a line, so they share a level with it. */
public enum LogLevel {
    ERROR(Level.ERROR),
    WARNING(Level.WARN),
    INFO(Level.INFO),
    DEBUG(Level.DEBUG);

    private final Level level;

    LogLevel(Level level) {
        this.level = level;
    }

    Level level() {
        return level;
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
