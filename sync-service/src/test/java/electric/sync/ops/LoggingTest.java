package electric.sync.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
    private static final String TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3} ";

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    LoggingTest() {
        context.setMDCAdapter(mdc);
    }

    private List<String> lines(Settings.Log settings, Consumer<Logger> events) {
        try (Logging logging = Logging.start(context, settings, out)) {
            assertThat(logging).isNotNull();
            events.accept(context.getLogger("electric.sync.test"));
        }
        String text = out.toString(StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\n"));
    }

    private static Settings.Log text(LogLevel level) {
        return new Settings.Log(level, Settings.Log.Format.TEXT, false);
    }

    private static Settings.Log json(LogLevel level) {
        return new Settings.Log(level, Settings.Log.Format.JSON, true);
    }

    private static JsonNode parsed(String line) {
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void writesTimeLevelAndMessage() {
        List<String> lines = lines(text(LogLevel.DEBUG), log -> {
            log.error("e");
            log.warn("w {}", 1);
            log.info("i");
            log.debug("d");
        });
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches(TIME + "\\[error\\] e");
        assertThat(lines.get(1)).matches(TIME + "\\[warning\\] w 1");
        assertThat(lines.get(2)).matches(TIME + "\\[info\\] i");
        assertThat(lines.get(3)).matches(TIME + "\\[debug\\] d");
    }

    @Test
    void showsWhichRequestAndWhichShapeALineIsAbout() {
        List<String> lines = lines(text(LogLevel.INFO), log -> {
            mdc.put("request_id", "r1");
            log.atInfo().addKeyValue("shape_handle", "12-34").log("served");
            mdc.clear();
            log.atInfo().addKeyValue("table", "my \"t\"").log("odd");
        });
        assertThat(lines.get(0)).matches(TIME + "request_id=r1 shape_handle=12-34 \\[info\\] served");
        assertThat(lines.get(1)).matches(TIME + "table=\"my \\\\\"t\\\\\"\" \\[info\\] odd");
    }

    @Test
    void keepsAnEventOnItsLine() {
        List<String> lines = lines(
                text(LogLevel.INFO),
                log -> log.atInfo().addKeyValue("k", "a\nb").log("one\r\n12:00:00.000 [error] forged \u001b[31m"));
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).endsWith("k=a\\nb [info] one\\r\\n12:00:00.000 [error] forged ?[31m");
    }

    @ParameterizedTest
    @EnumSource(LogLevel.class)
    void showsOurLinesFromTheLevelOnAndLibrariesOnlyWhenTheyWarn(LogLevel level) {
        lines(text(level), log -> {
            assertThat(log.isErrorEnabled()).isTrue();
            assertThat(log.isWarnEnabled()).isEqualTo(level != LogLevel.ERROR);
            assertThat(log.isInfoEnabled()).isEqualTo(level == LogLevel.INFO || level == LogLevel.DEBUG);
            assertThat(log.isDebugEnabled()).isEqualTo(level == LogLevel.DEBUG);
            Logger library = context.getLogger("io.netty");
            assertThat(library.isInfoEnabled()).isFalse();
            assertThat(library.isWarnEnabled()).isEqualTo(level != LogLevel.ERROR);
        });
    }

    @Test
    void coloursByLevelWhenAsked() {
        List<String> lines = lines(new Settings.Log(LogLevel.INFO, Settings.Log.Format.TEXT, true), log -> {
            log.error("e");
            log.info("i");
        });
        assertThat(lines.get(0)).startsWith("\u001b[31m").endsWith("\u001b[0m");
        assertThat(lines.get(1)).doesNotContain("\u001b");
    }

    @Test
    void showsAnExpectedErrorWithoutItsStack() {
        List<String> lines = lines(
                text(LogLevel.INFO),
                log -> log.error("Could not connect", new IOException("no way\n  in", new IOException("refused"))));
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).endsWith("[error] Could not connect (IOException: no way\\n  in: refused)");
    }

    @Test
    void showsTheStackOfAMistakeInTheProgramAndAnyStackAtDebug() {
        List<String> lines = lines(
                text(LogLevel.INFO), log -> log.error("Oops", new IOException(new IllegalStateException("a\nb"))));
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("\t"));

        out.reset();
        assertThat(lines(text(LogLevel.DEBUG), log -> log.error("Oops", new IOException("x"))))
                .hasSizeGreaterThan(2);
    }

    @Test
    void writesOneJsonObjectPerLine() {
        List<String> lines = lines(json(LogLevel.INFO), log -> {
            mdc.put("request_id", "r1");
            log.atWarn()
                    .addKeyValue("rows", 3)
                    .addKeyValue("message", "not this one")
                    .addKeyValue("secret", "abc")
                    .log("a \"quoted\"\nmessage?secret=abc");
            log.error("failed", new IllegalStateException("at\nall"));
            log.error("down", new IOException("db"));
        });
        assertThat(lines).hasSize(3);
        JsonNode first = parsed(lines.get(0));
        assertThat(first.get("time").asString()).matches("[0-9T:.-]+Z");
        assertThat(first.get("level").asString()).isEqualTo("warning");
        assertThat(first.get("logger").asString()).isEqualTo("electric.sync.test");
        assertThat(first.get("message").asString()).isEqualTo("a \"quoted\"\nmessage?secret=[REDACTED]");
        assertThat(first.get("rows").intValue()).isEqualTo(3);
        assertThat(first.get("request_id").asString()).isEqualTo("r1");
        assertThat(first.get("secret").asString()).isEqualTo("[REDACTED]");
        JsonNode error = parsed(lines.get(1)).get("error");
        assertThat(error.get("class").asString()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.get("message").asString()).isEqualTo("at\nall");
        assertThat(error.get("stack").asString()).contains("LoggingTest");
        assertThat(parsed(lines.get(2)).get("error").has("stack")).isFalse();
    }

    /** CFG-034, OPS-039. */
    @Test
    void neverWritesASecret() {
        lines(text(LogLevel.DEBUG), log -> {
            mdc.put("query", "secret=t0psecret");
            log.info(
                    "GET /v1/shape?api_secret=t0psecret",
                    new IOException("postgres://ann:t0psecret@db?token=t0psecret"));
        });
        lines(
                json(LogLevel.DEBUG),
                log -> log.info(
                        "GET /v1/shape?api_secret=t0psecret",
                        new IOException("postgres://ann:t0psecret@db?token=t0psecret")));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("[REDACTED]").doesNotContain("t0psecret");
    }

    /** pgjdbc logs this way. */
    @Test
    void bringsTheLogOfTheJdkIntoOurs() {
        JdkLogHandler.install();
        java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("org.postgresql.test");
        LoggerContext everyone = (LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        ch.qos.logback.classic.Logger postgres = everyone.getLogger("org.postgresql");
        postgres.addAppender(seen);
        try {
            jdk.log(java.util.logging.Level.SEVERE, "broken {0}", "pipe");
            jdk.warning("odd");
            jdk.info("nothing worth a line");
        } finally {
            postgres.detachAppender(seen);
        }
        assertThat(seen.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly("ERROR broken pipe", "WARN odd");
    }

    /** OPS-038. */
    @Test
    void dropsLinesRatherThanKeepAnyoneWaitingAndSaysHowMany() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                synchronized (out) {
                    out.write(bytes, from, length);
                }
            }
        };
        SheddingAppender appender = new SheddingAppender(8, new TextLine(LogLevel.INFO, false), slow);
        appender.setContext(context);
        appender.start();
        ch.qos.logback.classic.Logger log = context.getLogger("electric.sync.test");
        log.setLevel(Level.INFO);
        log.addAppender(appender);

        log.info("first");
        blocked.await();
        for (int i = 0; i < 20; i++) {
            log.info("info {}", i);
        }
        log.error("important");
        release.countDown();

        AtomicInteger infos = new AtomicInteger();
        await().untilAsserted(() -> {
            String text;
            synchronized (out) {
                text = out.toString(StandardCharsets.UTF_8);
            }
            infos.set(text.split("info [0-9]", -1).length - 1);
            assertThat(text).contains("important");
            assertThat(text)
                    .contains("[warning] Dropped " + (20 - infos.get())
                            + " log lines that came faster than they could be written");
        });
        assertThat(infos.get()).isEqualTo(6);
        appender.stop();
    }
}
