package electric.sync.ops;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * How it is logged until the settings are read, and in tests. Logback finds it by its service file, and then neither looks
 * for configuration files nor starts with its own default, which shows every library's debug lines.
 */
public final class LoggingBeforeSettings extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logging.toStandardOutput(context, new Settings.Log(LogLevel.INFO, Settings.Log.Format.TEXT, false));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
