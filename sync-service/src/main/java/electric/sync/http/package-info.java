/**
 * Knows: HTTP bytes to requests and answers to HTTP bytes: routes, parameters, headers, caching, admission, secrets.
 * Does not know: how shapes are kept, read or followed; the database.
 * Door: {@link HttpServer} {@link HttpSettings}.
 * Floor: 4.
 * Threads: event loops, which never block; everything of one connection happens on its own loop.
 * Hot: writing answers ({@code LogBody}, {@code Connection}); the rest is cold.
 */
@NullMarked
package electric.sync.http;

import org.jspecify.annotations.NullMarked;
