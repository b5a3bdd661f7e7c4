package electric.sync.http;

import java.time.Duration;
import java.util.Optional;

/**
 * What the HTTP edge can be told.
 *
 * @param port 0 for any free one
 * @param ipv6 listen on all IPv6 interfaces rather than all IPv4 ones
 * @param secret what requests for shapes must carry; empty for a server open to everyone
 * @param deletionEnabled whether {@code DELETE /v1/shape} may do anything
 * @param longPollTimeout the interval to which live cursors are aligned
 * @param readinessTimeout how long a request waits for the service to become ready
 * @param readTimeout how long a connection may stay silent between requests
 * @param sendTimeout how long a client may take nothing of what is written to it
 * @param maxRequestsPerConnection of HTTP/1.1; 0 for no limit
 * @param version of the product line, as clients are told
 */
public record HttpSettings(
        int port,
        boolean ipv6,
        Optional<String> secret,
        boolean deletionEnabled,
        Duration longPollTimeout,
        int cacheMaxAgeSeconds,
        int cacheStaleAgeSeconds,
        int maxInitialRequests,
        int maxExistingRequests,
        Duration readinessTimeout,
        Duration readTimeout,
        Duration sendTimeout,
        int maxRequestsPerConnection,
        EventStreams events,
        String version) {

    /**
     * @param lifetime how long a stream of events goes on
     * @param silence after how long without an event the client is told that we are still there
     */
    public record EventStreams(Duration lifetime, Duration silence) {
        /** As the protocol says. */
        public static final EventStreams USUAL = new EventStreams(Duration.ofSeconds(60), Duration.ofSeconds(21));
    }

    /** As many as can be asking at once, twice: clients keep connections for a while after an answer. And some to look in. */
    int maxConnections() {
        return (int) Math.min(Integer.MAX_VALUE, 2L * maxInitialRequests + 2L * maxExistingRequests + 100);
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "HttpSettings[port=" + port + ", ipv6=" + ipv6 + ", secured=" + secret.isPresent() + "]";
    }
}
