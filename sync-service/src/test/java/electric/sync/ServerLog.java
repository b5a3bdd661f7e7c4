package electric.sync;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What servers in this process log, from when it is made. */
public final class ServerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level least;
    private final @Nullable Level before;

    public ServerLog() {
        this("electric.sync", Level.DEBUG);
        logger.setLevel(Level.DEBUG);
    }

    private ServerLog(String name, Level least) {
        this.logger = (Logger) LoggerFactory.getLogger(name);
        this.least = least;
        this.before = logger.getLevel();
        logger.addAppender(this);
        start();
    }

    /** What anybody in this process warns of, the libraries too. */
    public static ServerLog ofWarnings() {
        return new ServerLog(Logger.ROOT_LOGGER_NAME, Level.WARN);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(least)) {
            lines.add(event.getFormattedMessage());
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public boolean has(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    public List<String> with(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
    }
}
