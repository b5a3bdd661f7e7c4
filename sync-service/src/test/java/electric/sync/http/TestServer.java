package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.coding.Compression;
import electric.sync.ingest.Readiness;
import electric.sync.meter.Meter;
import electric.sync.serve.Shapes;
import electric.sync.value.CaseMapping;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The HTTP server with everything behind it played by the test. */
final class TestServer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-08-01T00:00:07Z");

    static final HttpSettings SETTINGS = new HttpSettings(
            0,
            false,
            Optional.empty(),
            true,
            Duration.ofSeconds(20),
            60,
            300,
            300,
            10_000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            50,
            HttpSettings.EventStreams.USUAL,
            "1.7.12");

    final FakeShapes shapes;
    final Readiness readiness = new Readiness();
    volatile Function<RelationName, CompletableFuture<Optional<Table>>> tables = TestServer::tableInCatalog;
    final Compression compression = new Compression(64 << 20, Meter.off());
    final HttpServer http;

    TestServer() throws IOException {
        this(settings -> settings);
    }

    TestServer(UnaryOperator<HttpSettings> change) throws IOException {
        this(change.apply(SETTINGS));
    }

    private TestServer(HttpSettings settings) throws IOException {
        this(settings, new FakeShapes());
    }

    /** With shapes of another kind than the ones played by the test. */
    TestServer(HttpSettings settings, Shapes served) throws IOException {
        shapes = served instanceof FakeShapes played ? played : new FakeShapes();
        http = new HttpServer(
                settings,
                readiness,
                served,
                name -> tables.apply(name),
                (table, columns) -> "{\"" + String.join("\":{},\"", columns) + "\":{}}",
                () -> false,
                new Filters(
                        name -> tables.apply(name).join(), collation -> CaseMapping.ASCII, Runnable::run, Meter.off()),
                compression,
                () -> NOW,
                Meter.off());
        for (Readiness.Condition condition : Readiness.Condition.values()) {
            readiness.met(condition);
        }
        http.start();
    }

    static HttpSettings with(HttpSettings s, Duration readiness, Duration read, Duration send, int perConnection) {
        return new HttpSettings(
                s.port(),
                s.ipv6(),
                s.secret(),
                s.deletionEnabled(),
                s.longPollTimeout(),
                s.cacheMaxAgeSeconds(),
                s.cacheStaleAgeSeconds(),
                s.maxInitialRequests(),
                s.maxExistingRequests(),
                readiness,
                read,
                send,
                perConnection,
                s.events(),
                s.version());
    }

    static HttpSettings streaming(HttpSettings s, Duration lifetime, Duration silence) {
        return new HttpSettings(
                s.port(),
                s.ipv6(),
                s.secret(),
                s.deletionEnabled(),
                s.longPollTimeout(),
                s.cacheMaxAgeSeconds(),
                s.cacheStaleAgeSeconds(),
                s.maxInitialRequests(),
                s.maxExistingRequests(),
                s.readinessTimeout(),
                s.readTimeout(),
                s.sendTimeout(),
                s.maxRequestsPerConnection(),
                new HttpSettings.EventStreams(lifetime, silence),
                s.version());
    }

    static HttpSettings secured(HttpSettings s, String secret) {
        return new HttpSettings(
                s.port(),
                s.ipv6(),
                Optional.of(secret),
                s.deletionEnabled(),
                s.longPollTimeout(),
                s.cacheMaxAgeSeconds(),
                s.cacheStaleAgeSeconds(),
                s.maxInitialRequests(),
                s.maxExistingRequests(),
                s.readinessTimeout(),
                s.readTimeout(),
                s.sendTimeout(),
                s.maxRequestsPerConnection(),
                s.events(),
                s.version());
    }

    static HttpSettings limited(HttpSettings s, int initial, int existing, boolean deletion) {
        return new HttpSettings(
                s.port(),
                s.ipv6(),
                s.secret(),
                deletion,
                s.longPollTimeout(),
                1,
                3,
                initial,
                existing,
                s.readinessTimeout(),
                s.readTimeout(),
                s.sendTimeout(),
                s.maxRequestsPerConnection(),
                s.events(),
                s.version());
    }

    private static CompletableFuture<Optional<Table>> tableInCatalog(RelationName name) {
        return CompletableFuture.completedFuture(
                name.equals(Items.ITEMS.name()) ? Optional.of(Items.ITEMS) : Optional.empty());
    }

    Wire wire() throws IOException {
        return new Wire(http.port());
    }

    /** One request on a connection of its own. */
    Wire.Got get(String target, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.get(target, headers);
        }
    }

    Wire.Got ask(String method, String target, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.request(method, target, headers).read();
        }
    }

    Wire.Got post(String target, String body, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.post(target, body, headers);
        }
    }

    @Override
    public void close() {
        http.stop(() -> {}, Duration.ofSeconds(2));
        compression.close();
    }
}
