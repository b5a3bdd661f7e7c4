package electric.sync.ops;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Brings what the JDK and pgjdbc say through {@code java.util.logging} into the one log. */
final class JdkLogHandler extends Handler {
    private static final Formatter FORMATTER = new SimpleFormatter();

    private JdkLogHandler() {
        setLevel(Level.WARNING);
    }

    /** In place of the handler that prints to standard error. */
    static void install() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new JdkLogHandler());
    }

    @Override
    public void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        String name = event.getLoggerName();
        org.slf4j.Logger log = LoggerFactory.getLogger(name == null ? "jdk" : name);
        org.slf4j.event.Level level = event.getLevel().intValue() >= Level.SEVERE.intValue()
                ? org.slf4j.event.Level.ERROR
                : org.slf4j.event.Level.WARN;
        log.atLevel(level).setCause(event.getThrown()).log(FORMATTER.formatMessage(event));
    }

    @Override
    public void flush() {
        // Nothing is held back here.
    }

    @Override
    public void close() {
        // Nothing is held open here.
    }
}
