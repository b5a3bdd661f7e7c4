package electric.sync.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/**
 * The error logged with an event. Its stack is shown where it tells a developer something: when the root of it is a mistake
 * in the program ({@code RuntimeException} or {@code Error}), or at debug. A database that is down needs no stack.
 *
 * @param stack empty when it is not shown
 */
record Fault(String type, String message, String stack) {
    static Optional<Fault> of(ILoggingEvent event, LogLevel level) {
        if (!(event.getThrowableProxy() instanceof ThrowableProxy proxy)) {
            return Optional.empty();
        }
        Throwable thrown = proxy.getThrowable();
        Throwable root = root(thrown);
        boolean mistake = root instanceof RuntimeException || root instanceof Error;
        String message = message(thrown);
        String cause = message(root);
        return Optional.of(new Fault(
                thrown.getClass().getName(),
                message.contains(cause) ? message : message + ": " + cause,
                mistake || level == LogLevel.DEBUG ? stack(thrown) : ""));
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        // Causes can form a ring.
        for (int depth = 0; depth < 32 && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
