package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.coding.Compression;
import electric.sync.ingest.Readiness;
import electric.sync.meter.Meter;
import electric.sync.pg.DatabaseUnavailable;
import electric.sync.serve.ShapeRequest;
import electric.sync.serve.ShapeServer;
import electric.sync.serve.Shapes;
import electric.sync.serve.Subset;
import electric.sync.shape.ShapeDefinition;
import electric.sync.where.InvalidWhere;
import electric.sync.where.RowOrder;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What each route does, step by step. The order of the steps is part of the protocol: each has its own refusal, and what is
 * refused early must not have cost anything or told anything.
 */
final class Endpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
    private static final int RETRY_WHEN_NOT_READY_SECONDS = 5;
    private static final int RETRY_WHEN_UNREACHABLE_SECONDS = 1;
    private static final int RETRY_WHEN_BODIES_CROWD_SECONDS = 1;

    /** Of the heap, for bodies that are arriving; and for two of the largest at least. */
    private static final int BODIES_SHARE = 8;

    private final HttpSettings settings;
    private final Readiness readiness;
    private final Shapes shapes;
    private final Function<RelationName, CompletableFuture<Optional<Table>>> tables;
    private final Schemas schemas;
    private final BooleanSupplier generatedColumnsReplicated;
    private final Filters filters;
    private final RecentQueries recent = new RecentQueries();
    private final RecentHeads recentHeads = new RecentHeads(recent);
    private final Executor workers;
    private final Admission admission;
    private final BodyMemory bodies = new BodyMemory(
            Math.max(2L * RequestBody.MAX_BYTES, Runtime.getRuntime().maxMemory() / BODIES_SHARE));
    private final AnsweredRequests answered;
    private final Replies replies;
    private final LogReplies logReplies;
    private final LiveAnswers liveAnswers;
    private volatile boolean stopping;

    /** @param workers for what takes longer than an event loop can wait */
    Endpoints(
            HttpSettings settings,
            Readiness readiness,
            Shapes shapes,
            Function<RelationName, CompletableFuture<Optional<Table>>> tables,
            BiFunction<Table, List<String>, String> schemaJson,
            BooleanSupplier generatedColumnsReplicated,
            Filters filters,
            Executor workers,
            Compression compression,
            InstantSource clock,
            Meter meter) {
        this.settings = settings;
        this.readiness = readiness;
        this.shapes = shapes;
        this.tables = tables;
        this.schemas = new Schemas(schemaJson);
        this.generatedColumnsReplicated = generatedColumnsReplicated;
        this.filters = filters;
        this.workers = workers;
        this.admission = new Admission(settings.maxInitialRequests(), settings.maxExistingRequests(), meter);
        this.answered = new AnsweredRequests(meter);
        this.replies = new Replies(settings.version(), clock);
        this.logReplies = new LogReplies(replies, compression, settings, clock);
        this.liveAnswers = new LiveAnswers(replies, logReplies);
    }

    RecentHeads recentHeads() {
        return recentHeads;
    }

    BodyMemory bodies() {
        return bodies;
    }

    AnsweredRequests answered() {
        return answered;
    }

    Replies replies() {
        return replies;
    }

    Admission admission() {
        return admission;
    }

    /** From now on every answer is the last one of its connection. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    void begin(Exchange exchange) {
        switch (exchange.request().route()) {
            case ROOT -> exchange.reply(replies.root(exchange));
            case NOWHERE -> exchange.reply(replies.notFound(exchange));
            case HEALTH -> withQuery(exchange, read -> exchange.reply(replies.health(exchange, readiness.status())));
            case PREFLIGHT -> withQuery(exchange, read -> exchange.reply(replies.preflight(exchange)));
            case READ_SHAPE -> withQuery(exchange, read -> readShape(exchange, read));
            case DELETE_SHAPE ->
                withQuery(exchange, read -> {
                    Query query = read.query().query();
                    if (letIn(exchange, query)) {
                        delete(exchange, query);
                    }
                });
        }
    }

    private void withQuery(Exchange exchange, Consumer<RecentQueries.Read> next) {
        RecentQueries.Read read;
        try {
            read = recent.read(Route.query(exchange.request().target()));
        } catch (CharacterCodingException e) {
            exchange.replyBare(HttpResponseStatus.BAD_REQUEST);
            return;
        }
        next.accept(read);
    }

    private boolean letIn(Exchange exchange, Query query) {
        if (settings.secret().isEmpty()) {
            return true;
        }
        Query.Value given = query.value("secret");
        if (given == null) {
            given = query.value("api_secret");
        }
        if (given instanceof Query.Value.Text written
                && MessageDigest.isEqual(
                        written.text().getBytes(StandardCharsets.UTF_8),
                        settings.secret().get().getBytes(StandardCharsets.UTF_8))) {
            return true;
        }
        exchange.reply(replies.unauthorized(exchange));
        return false;
    }

    // Reading a shape.

    /** @param read what stands in the query of the request */
    void readShape(Exchange exchange, RecentQueries.Read read) {
        exchange.sent(read.cursor());
        if (letIn(exchange, read.query().query())) {
            admit(exchange, read.query());
        }
    }

    private void admit(Exchange exchange, ShapeQuery asked) {
        Admission.Kind kind =
                asked.query().value("handle") instanceof Query.Value.Text handle && shapes.knows(handle.text())
                        ? Admission.Kind.EXISTING
                        : Admission.Kind.INITIAL;
        Admission.Permit permit = admission.admit(kind);
        if (permit == null) {
            exchange.reply(replies.tooMany(exchange, kind, admission.limit(kind)));
            return;
        }
        exchange.holds(permit);
        if (exchange.request().method().equals(HttpMethod.POST)) {
            withBody(exchange, asked.query(), whole -> {
                exchange.sent(Cursor.in(whole));
                whenReady(exchange, Readiness.Level.READ_ONLY, () -> read(exchange, new ShapeQuery(whole)));
            });
        } else {
            whenReady(exchange, Readiness.Level.READ_ONLY, () -> read(exchange, asked));
        }
    }

    private void withBody(Exchange exchange, Query query, Consumer<Query> next) {
        exchange.then(
                exchange.requestBody(),
                bytes -> {
                    if (bytes.length == 0) {
                        next.accept(query);
                        return;
                    }
                    exchange.then(
                            CompletableFuture.supplyAsync(
                                    () -> JsonMapper.shared().readTree(bytes), workers),
                            json -> merge(exchange, query, json, next),
                            failure -> exchange.reply(invalidJson(exchange, failure)));
                },
                failure -> {
                    if (!(failure instanceof RequestBody.Unreadable unreadable)) {
                        throw new IllegalStateException("reading a body failed", failure);
                    }
                    exchange.reply(
                            switch (unreadable.trouble()) {
                                case TOO_LARGE ->
                                    replies.badBody(
                                            exchange,
                                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                                            Map.of("error", "Request body too large"));
                                case BROKEN_OFF ->
                                    replies.badBody(
                                            exchange,
                                            HttpResponseStatus.BAD_REQUEST,
                                            Map.of("error", "Failed to read request body"));
                                case NO_ROOM ->
                                    replies.unavailable(
                                            exchange,
                                            "Too many request bodies are arriving at once, please retry",
                                            RETRY_WHEN_BODIES_CROWD_SECONDS);
                            });
                });
    }

    private void merge(Exchange exchange, Query query, JsonNode json, Consumer<Query> next) {
        if (json instanceof ObjectNode object) {
            next.accept(query.with(object));
        } else if (json.isMissingNode()) {
            exchange.reply(invalidJson(exchange, "No content to read: nothing but white space"));
        } else {
            exchange.reply(replies.badBody(
                    exchange, HttpResponseStatus.BAD_REQUEST, Map.of("error", "Request body must be a JSON object")));
        }
    }

    private Reply invalidJson(Exchange exchange, Throwable failure) {
        if (!(failure instanceof JacksonException malformed)) {
            throw new IllegalStateException("reading JSON failed", failure);
        }
        return invalidJson(exchange, malformed.getOriginalMessage());
    }

    private Reply invalidJson(Exchange exchange, String details) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error", "Invalid JSON in request body");
        body.put("details", details);
        return replies.badBody(exchange, HttpResponseStatus.BAD_REQUEST, body);
    }

    private void whenReady(Exchange exchange, Readiness.Level level, Runnable next) {
        exchange.then(readiness.reach(level, settings.readinessTimeout()), ready -> next.run(), failure -> {
            if (!(failure instanceof TimeoutException)) {
                throw new IllegalStateException("waiting for readiness failed", failure);
            }
            exchange.reply(replies.unavailable(exchange, readiness.reason(), RETRY_WHEN_NOT_READY_SECONDS));
        });
    }

    private void read(Exchange exchange, ShapeQuery asked) {
        ShapeParameters parameters;
        try {
            parameters = asked.parameters();
        } catch (InvalidParameters e) {
            exchange.reply(replies.invalid(exchange, e.errors()));
            return;
        }
        withTable(exchange, parameters.relation(), described -> {
            boolean generated = generatedColumnsReplicated.getAsBoolean();
            ShapeQuery.Meaning known = asked.meaning(described, generated);
            if (known != null) {
                read(exchange, parameters, known);
                return;
            }
            withDefinition(exchange, parameters.definition(), described, generated, meaning -> {
                asked.means(described, generated, meaning);
                read(exchange, parameters, meaning);
            });
        });
    }

    private void read(Exchange exchange, ShapeParameters parameters, ShapeQuery.Meaning meaning) {
        SubsetParameters subset = parameters.subset();
        if (subset == null) {
            answer(exchange, parameters, meaning, null);
        } else {
            withSubset(
                    exchange,
                    parameters.definition(),
                    subset,
                    meaning.table(),
                    some -> answer(exchange, parameters, meaning, some));
        }
    }

    private void withSubset(
            Exchange exchange,
            DefinitionParameters definition,
            SubsetParameters parameters,
            Table table,
            Consumer<Subset> next) {
        List<String> visible = definition.queryableColumns();
        RowOrder order;
        List<String> params;
        try {
            parameters.check();
            order = parameters.order(table, visible);
            params = parameters.positionalParams();
        } catch (InvalidParameters e) {
            exchange.reply(replies.invalid(exchange, e.errors()));
            return;
        }
        if (parameters.where() == null) {
            next.accept(new Subset(table, null, order, parameters.limit(), parameters.offset()));
            return;
        }
        exchange.then(
                filters.readSubset(table, parameters.where(), params, visible),
                read -> next.accept(
                        new Subset(read.table(), read.filter(), order, parameters.limit(), parameters.offset())),
                failure -> notRead(
                        exchange,
                        table,
                        failure,
                        refused -> Map.of(SubsetParameters.SUBSET, Map.of("where", SubsetParameters.told(refused)))));
    }

    private void withTable(Exchange exchange, RelationName name, Consumer<Table> next) {
        exchange.then(
                tables.apply(name),
                found -> {
                    if (found.isEmpty()) {
                        exchange.reply(replies.invalid(
                                exchange,
                                DefinitionParameters.doesNotExist(name).errors()));
                    } else {
                        next.accept(found.get());
                    }
                },
                failure -> cannotVerify(exchange, name, failure));
    }

    private void withDefinition(
            Exchange exchange,
            DefinitionParameters parameters,
            Table table,
            boolean generatedReplicated,
            Consumer<ShapeQuery.Meaning> next) {
        ShapeDefinition ofAllRows;
        List<String> params;
        try {
            ofAllRows = parameters.definition(table, generatedReplicated, null);
            if (parameters.where() == null) {
                next.accept(new ShapeQuery.Meaning(table, ofAllRows));
                return;
            }
            params = parameters.positionalParams();
        } catch (InvalidParameters e) {
            exchange.reply(replies.invalid(exchange, e.errors()));
            return;
        }
        exchange.then(
                filters.read(table, parameters.where(), params),
                read -> {
                    ShapeDefinition definition;
                    try {
                        definition = read.table() == table
                                ? parameters.filtered(ofAllRows, table, generatedReplicated, read.filter())
                                : parameters.definition(read.table(), generatedReplicated, read.filter());
                    } catch (InvalidParameters e) {
                        exchange.reply(replies.invalid(exchange, e.errors()));
                        return;
                    }
                    next.accept(new ShapeQuery.Meaning(read.table(), definition));
                },
                failure -> notRead(exchange, table, failure, refused -> Map.of("where", List.of(refused.message()))));
    }

    /** @param told how the client is told what is wrong with its filter */
    private void notRead(
            Exchange exchange, Table table, Throwable failure, Function<InvalidWhere, Map<String, ?>> told) {
        switch (failure) {
            case InvalidWhere refused -> exchange.reply(replies.invalid(exchange, told.apply(refused)));
            case DatabaseUnavailable unavailable -> cannotVerify(exchange, table.name(), unavailable);
            case RejectedExecutionException tooMany -> cannotVerify(exchange, table.name(), tooMany);
            default -> throw new IllegalStateException("reading a filter failed", failure);
        }
    }

    private void cannotVerify(Exchange exchange, RelationName table, Throwable failure) {
        LOG.atWarn()
                .addKeyValue("request_id", exchange.requestId())
                .log("Cannot look up table {}: {}", table, failure.toString());
        exchange.reply(replies.unavailable(
                exchange,
                "Cannot connect to the database to verify the shape. Please try again later.",
                RETRY_WHEN_UNREACHABLE_SECONDS));
    }

    private void answer(
            Exchange exchange, ShapeParameters parameters, ShapeQuery.Meaning meaning, @Nullable Subset subset) {
        ShapeRequest request = new ShapeRequest(
                meaning.definition(),
                parameters.offset(),
                parameters.now(),
                parameters.handle(),
                parameters.live(),
                parameters.streamed(),
                knownTags(exchange),
                subset);
        if (readiness.satisfies(Readiness.Level.ACTIVE) || shapes.has(request.definition())) {
            ask(exchange, parameters, meaning, request);
        } else {
            // Nobody may be sent to a shape that cannot be made now.
            whenReady(exchange, Readiness.Level.ACTIVE, () -> ask(exchange, parameters, meaning, request));
        }
    }

    private void ask(Exchange exchange, ShapeParameters parameters, ShapeQuery.Meaning meaning, ShapeRequest request) {
        exchange.abandonWith(shapes.answer(request, exchange.loop(), exchange::shapeExists, answer -> {
            exchange.guard(() -> {
                if (!liveAnswers.reply(exchange, parameters, answer)) {
                    exchange.reply(logReplies.of(
                            exchange,
                            parameters,
                            () -> schemas.of(
                                    meaning.table(), meaning.definition().columns()),
                            answer));
                }
            });
        }));
    }

    /** What the client says it has: tags, with or without quotes, between commas. */
    private static Set<String> knownTags(Exchange exchange) {
        List<String> lines = exchange.request().tags();
        if (lines.isEmpty()) {
            return Set.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        for (String line : lines) {
            for (String item : line.split(",", -1)) {
                String tag = item.strip();
                int from = 0;
                int to = tag.length();
                while (from < to && tag.charAt(from) == '"') {
                    from++;
                }
                while (to > from && tag.charAt(to - 1) == '"') {
                    to--;
                }
                tags.add(tag.substring(from, to));
            }
        }
        return tags;
    }

    // Deleting a shape.

    private void delete(Exchange exchange, Query query) {
        whenReady(exchange, Readiness.Level.ACTIVE, () -> {
            if (!settings.deletionEnabled()) {
                exchange.reply(replies.error(
                        exchange, HttpResponseStatus.METHOD_NOT_ALLOWED, Replies.message("DELETE not allowed")));
                return;
            }
            DeleteParameters parameters;
            try {
                parameters = DeleteParameters.parse(query);
            } catch (InvalidParameters e) {
                exchange.reply(replies.invalid(exchange, e.errors()));
                return;
            }
            RelationName name = parameters.relation();
            if (name == null) {
                exchange.reply(deletion(exchange, shapes.delete(null, parameters.handle())));
                return;
            }
            withTable(
                    exchange,
                    name,
                    table -> withDefinition(
                            exchange,
                            parameters.definition(),
                            table,
                            generatedColumnsReplicated.getAsBoolean(),
                            meaning -> exchange.reply(
                                    deletion(exchange, shapes.delete(meaning.definition(), parameters.handle())))));
        });
    }

    private Reply deletion(Exchange exchange, ShapeServer.Deletion deletion) {
        return switch (deletion) {
            case DELETED -> replies.deleted(exchange);
            case UNKNOWN ->
                replies.error(exchange, HttpResponseStatus.NOT_FOUND, Replies.message("No existing shape found"));
            case MISMATCH ->
                replies.error(
                        exchange,
                        HttpResponseStatus.BAD_REQUEST,
                        Replies.message(
                                "The specified shape definition and handle do not match. Please ensure the shape"
                                        + " definition is correct or omit the shape handle from the request to obtain a new"
                                        + " one."));
        };
    }
}
