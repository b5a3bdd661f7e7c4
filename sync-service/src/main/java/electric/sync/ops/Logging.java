package electric.sync.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * The log on standard output. Our own lines are shown from the level the operator chose; libraries are heard only when
 * they warn. Whatever passes is cleaned of secrets in query strings and URLs.
 *
 * <p>{@link #close} is the last thing the process does: it writes what is still waiting.
 */
public final class Logging implements AutoCloseable {
    private static final String OURS = "electric";

    /** Lines that may wait to be written: about a second of the worst bursts. */
    private static final int CAPACITY = 8_192;

    private final SheddingAppender appender;

    private Logging(SheddingAppender appender) {
        this.appender = appender;
    }

    public static Logging start(Settings.Log settings) {
        return toStandardOutput((LoggerContext) LoggerFactory.getILoggerFactory(), settings);
    }

    static Logging toStandardOutput(LoggerContext context, Settings.Log settings) {
        JdkLogHandler.install();
        return start(context, settings, new BufferedOutputStream(System.out, 1 << 16));
    }

    static Logging start(LoggerContext context, Settings.Log settings, OutputStream out) {
        context.reset();
        Function<ILoggingEvent, String> line = switch (settings.format()) {
            case TEXT -> new TextLine(settings.level(), settings.colors());
            case JSON -> new JsonLine(settings.level());
        };
        SheddingAppender appender = new SheddingAppender(CAPACITY, line, out);
        appender.setContext(context);
        appender.start();
        Level level = settings.level().level();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        root.addAppender(appender);
        context.getLogger(OURS).setLevel(level);
        // It warns of every connection that we end on purpose; what matters we say ourselves.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        return new Logging(appender);
    }

    /** How many lines came faster than they could be written. */
    public long droppedLines() {
        return appender.droppedLines();
    }

    @Override
    public void close() {
        appender.stop();
    }
}
