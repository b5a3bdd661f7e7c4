package electric.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A request that means something odd, or nothing, as it goes over the wire: one byte per character.
 *
 * @param sound whether its end can be told, so that it must be answered like any other
 */
record FuzzedRequest(
        String method,
        String path,
        List<String> query,
        String version,
        List<String> headers,
        String body,
        boolean sound) {
    private static final List<String> PATHS = List.of(
            "/",
            "/v1/health",
            "/v1//shape",
            "/v1/%73hape",
            "/v1/sh%zzape",
            "/%ff",
            "/v1/shape/..",
            "/v1%2Fshape",
            "//",
            "http://elsewhere/v1/shape",
            "/V1/SHAPE",
            "/v1/shape;a=b",
            "/v1/shape#x",
            "/v1/\u00fc");

    private static final List<String> METHODS = List.of("PUT", "PATCH", "TRACE", "get", "PROPFIND", "X");

    /** What parameters usually say, percent-encoded. */
    private static final Map<String, List<String>> USUAL = Map.ofEntries(
            Map.entry(
                    "table",
                    List.of(
                            "small",
                            "public.small",
                            "%22odd%20%C3%BC%22",
                            "big",
                            "nope",
                            "pg_class",
                            "a.b.c",
                            "small%3B")),
            Map.entry("offset", List.of("-1", "0_0", "0_inf", "now", "0_1", "7_3", "99999999_0", "-2", "0_02")),
            Map.entry("live", List.of("true", "false", "1", "0")),
            Map.entry("live_sse", List.of("true", "false")),
            Map.entry("experimental_live_sse", List.of("true", "1")),
            Map.entry("cursor", List.of("", "57110420", "-5", "1e9", "99999999999999999999")),
            Map.entry(
                    "where",
                    List.of(
                            "id%20%3E%201",
                            "v%20=%20$1",
                            "v%20LIKE%20'%25o%25'",
                            "1%20x%201",
                            "id%20IN%20(SELECT%201)",
                            "((((((((((id=1",
                            "'",
                            "10/id>1",
                            "id=$2%20AND%20v=$1",
                            "now()>now()",
                            "id%20BETWEEN%201%20AND%202%20--")),
            Map.entry("params[1]", List.of("one", "")),
            Map.entry("params[2]", List.of("2", "x")),
            Map.entry("params", List.of("%7B%221%22:%22one%22%7D", "one")),
            Map.entry("columns", List.of("id", "id,v", "v", "%22id%22,%22v%22", "id,,v", "*")),
            Map.entry("queryable_columns", List.of("id", "v", "nope")),
            Map.entry("replica", List.of("full", "default", "half")),
            Map.entry("log", List.of("full", "changes_only", "none")),
            Map.entry("experimental_compaction", List.of("true", "false")),
            Map.entry("subset__where", List.of("id%20%3C%203", "v%20=%20$1", "1", "id%20IN%20(SELECT%201)")),
            Map.entry("subset__order_by", List.of("id", "id%20DESC%20NULLS%20LAST", "1", "v;id", "random()")),
            Map.entry("subset__limit", List.of("1", "0", "-1", "99999999999999999999")),
            Map.entry("subset__offset", List.of("0", "1", "-1", "x")),
            Map.entry("subset__params", List.of("%7B%221%22:%22one%22%7D", "%5B1%5D", "%7B")),
            Map.entry("secret", List.of("x", "")),
            Map.entry("handle", List.of("1-2", "x", "..%2F..", "%22")),
            Map.entry("expired_handle", List.of("1-2")),
            Map.entry("cache-buster", List.of("1722470400000-abc")));

    private static final List<String> NAMES = USUAL.keySet().stream().sorted().toList();

    private static final List<String> ODD = List.of(
            "",
            "%00",
            "%",
            "%zz",
            "%ff",
            "%C3%28",
            "%F0%9D%94%98",
            "null",
            "true",
            "-1",
            "0",
            "1e400",
            "+",
            "%0d%0ax-injected:%201",
            "'%3B%20DROP%20TABLE%20small%3B%20--",
            "%22",
            "%5C",
            "%7B%7D",
            "%5B%5D",
            "a".repeat(70),
            "a".repeat(6000),
            "(".repeat(3000),
            "1,".repeat(2000),
            "%E2%80%AE",
            "\u00e9\u00ff");

    private static final List<String> PAIRS = List.of(
            "", "=", "=x", "[]=1", "params[]=a", "params[x]=a", "params[1][2]=a", "a[b][c]=d", "subset__=1", "[=]");

    private static final List<String> HEADERS = List.of(
            "connection: close",
            "connection: keep-alive",
            "connection: keep-alive, x",
            "if-none-match: \"x\"",
            "if-none-match: W/\"a\", \"b\",,*",
            "accept-encoding: gzip",
            "accept-encoding: zstd, br;q=0.5, *;q=0",
            "accept-encoding: gzip;q=nonsense",
            "accept: text/event-stream",
            "x-request-id: short",
            "x-request-id: " + "i".repeat(30),
            "x-request-id: " + "i".repeat(300),
            "origin: http://a.example",
            "origin: null",
            "traceparent: 00-0-0-0",
            "range: bytes=0-1",
            "content-type: text/plain",
            "cookie: a=b",
            "x-long: " + "h".repeat(5000));

    private static final List<String> BODIES = List.of(
            "{}",
            "{\"where\":\"id < 3\",\"order_by\":\"id\",\"limit\":1}",
            "{\"subset\":{\"where\":\"v = $1\",\"params\":{\"1\":\"one\"}}}",
            "{\"table\":\"small\",\"offset\":\"-1\"}",
            "{\"live\":false,\"limit\":1e400,\"params\":[null,{}]}",
            "{\"a\":\"\\ud800\"}",
            "[]",
            "null",
            "1",
            "\"x\"",
            "{",
            "{\"a\":1}{\"b\":2}",
            "[".repeat(5000),
            "\u0000\u0001\u00ff",
            " ".repeat(3000),
            "{\"where\":\"" + "a".repeat(70_000) + "\"}");

    /** After any of these nobody can say where the request ends, or the next begins. */
    private static final List<String> UNSOUND_HEADERS = List.of(
            "content-length: 5\r\ncontent-length: 7",
            "content-length: -1",
            "content-length: 99999999999999999999",
            "content-length: x",
            "content-length: 100",
            "transfer-encoding: chunked\r\ncontent-length: 3",
            "transfer-encoding: gzip",
            "transfer-encoding: chunked, chunked",
            "no colon",
            ": no name",
            " folded: x",
            "bad name: x",
            "x-\u00e9: \u00e9",
            "x-nul: a\u0000b",
            "x-huge: " + "h".repeat(20_000),
            "many: x\r\n".repeat(60) + "many: x",
            "host: twice");

    private static final List<String> BROKEN_CHUNKS = List.of(
            "zz\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc",
            "3\r\nabcdef\r\n0\r\n\r\n",
            "ffffffffffffffff\r\nabc",
            "-3\r\nabc\r\n0\r\n\r\n",
            "3;" + "x".repeat(20_000) + "\r\nabc\r\n0\r\n\r\n",
            "2\r\n{}\r\n0\r\nbad trailer\r\n\r\n");

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n";

    private static final List<String> GARBAGE = List.of(
            "\r\n\r\n\r\n",
            "GET\r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/9.9\r\nhost: x\r\n\r\n",
            "GET / SPDY\r\nhost: x\r\n\r\n",
            "GET  /v1/shape  HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/shape HTTP/1.1\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "GET /" + "p".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0004\u0001\u0005\u0000\u0000\u0000\u0001\u0082\u0086\u0084\u0081",
            "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            UPGRADE + "http2-settings: AAMAAABkAAQAAP__\r\n\r\n",
            UPGRADE + "http2-settings: \u00ff!\r\n\r\n");

    static FuzzedRequest sound(Random random, List<String> handles) {
        String method = method(random);
        List<String> headers = new ArrayList<>(List.of("host: fuzz"));
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(any(random, HEADERS));
        }
        if (random.nextInt(10) == 0) {
            headers.add("if-none-match: \"" + any(random, handles) + ":0_0:0_inf\"");
        }
        String body = "";
        if (method.equals("POST") || random.nextInt(40) == 0) {
            body = new String(any(random, BODIES).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
            if (random.nextBoolean()) {
                headers.add("content-length: " + body.length());
            } else {
                headers.add("transfer-encoding: chunked");
                body = chunked(random, body);
            }
            if (random.nextInt(6) == 0) {
                headers.add("expect: 100-continue");
            }
        }
        String version = random.nextInt(15) == 0 ? "HTTP/1.0" : "HTTP/1.1";
        if (version.equals("HTTP/1.0") && !body.isEmpty()) {
            version = "HTTP/1.1";
        }
        String path = random.nextInt(8) == 0 ? any(random, PATHS) : "/v1/shape";
        List<String> query = query(random, handles);
        if (method.equals("DELETE")) {
            // The others are followed to the end.
            query.add("table=%22odd%20%C3%BC%22");
        }
        return new FuzzedRequest(method, path, query, version, headers, body, true);
    }

    static FuzzedRequest unsound(Random random, List<String> handles) {
        FuzzedRequest sound = sound(random, handles);
        String method = sound.method.equals("HEAD") ? "POST" : sound.method;
        List<String> headers = new ArrayList<>(List.of("host: fuzz"));
        String body = sound.body;
        switch (random.nextInt(3)) {
            case 0 -> headers.add(any(random, UNSOUND_HEADERS));
            case 1 -> {
                headers.add("transfer-encoding: chunked");
                body = any(random, BROKEN_CHUNKS);
            }
            default -> {
                return garbage(random.nextInt(GARBAGE.size()));
            }
        }
        return new FuzzedRequest(method, sound.path, sound.query, "HTTP/1.1", headers, body, false);
    }

    /** Whatever this number stands for. */
    static FuzzedRequest garbage(int number) {
        return new FuzzedRequest("", "", List.of(), "", List.of(), GARBAGE.get(number % GARBAGE.size()), false);
    }

    private static String method(Random random) {
        return switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4, 5 -> "POST";
            case 6, 7 -> "HEAD";
            case 8 -> "OPTIONS";
            case 9 -> random.nextInt(3) == 0 ? "DELETE" : "OPTIONS";
            case 10 -> any(random, METHODS);
            default -> "GET";
        };
    }

    private static List<String> query(Random random, List<String> handles) {
        List<String> query = new ArrayList<>();
        String table = random.nextInt(30) == 0 ? "big" : "small";
        String follow = "table=" + table + "&handle=" + any(random, handles) + "&offset=";
        String usual = switch (random.nextInt(9)) {
            case 0, 1, 7 -> "table=" + table + "&offset=-1";
            case 2 -> follow + "0_0";
            case 3 -> follow + "0_inf&live=true&cursor=57110420";
            case 4 -> follow + "0_inf&live=true&live_sse=true";
            case 5 -> "table=" + table + "&offset=now&subset__where=id=1&subset__order_by=id&subset__limit=1";
            case 6 -> "table=" + table + "&offset=-1&where=id=$1&params[1]=1";
            default -> "";
        };
        query.addAll(List.of(usual.split("&")));
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(query.size());
            switch (random.nextInt(6)) {
                case 0 -> query.remove(at);
                case 1 -> query.set(at, query.get(at).replaceFirst("=.*", "=" + any(random, ODD)));
                case 2 -> query.add(query.get(at));
                case 3 -> query.add(any(random, PAIRS));
                case 4 -> query.add(any(random, NAMES) + "=" + any(random, ODD));
                default -> {
                    String name = any(random, NAMES);
                    query.add(name + "=" + any(random, USUAL.getOrDefault(name, ODD)));
                }
            }
            if (query.isEmpty()) {
                query.add("");
            }
        }
        return query;
    }

    private static String chunked(Random random, String body) {
        StringBuilder chunks = new StringBuilder();
        for (int from = 0; from < body.length(); ) {
            int to = Math.min(body.length(), from + 1 + random.nextInt(body.length()));
            chunks.append(Integer.toHexString(to - from)).append(random.nextInt(5) == 0 ? ";ext=1" : "");
            chunks.append("\r\n").append(body, from, to).append("\r\n");
            from = to;
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    String text() {
        if (method.isEmpty()) {
            return body;
        }
        String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
        return method + " " + target + " " + version + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n" + body;
    }

    /** The same with one thing less. */
    List<FuzzedRequest> simpler() {
        List<FuzzedRequest> simpler = new ArrayList<>();
        for (int i = 0; i < query.size(); i++) {
            simpler.add(new FuzzedRequest(method, path, without(query, i), version, headers, body, sound));
        }
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches("(?is)(host|content-length|transfer-encoding).*")) {
                simpler.add(new FuzzedRequest(method, path, query, version, without(headers, i), body, sound));
            }
        }
        return simpler;
    }

    private static List<String> without(List<String> all, int index) {
        List<String> rest = new ArrayList<>(all);
        rest.remove(index);
        return rest;
    }
}
