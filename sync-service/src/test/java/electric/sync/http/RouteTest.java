package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP-004, HTTP-005, HTTP-008, HTTP-009. */
final class RouteTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /, ROOT",
        "HEAD, /, ROOT",
        "GET, //, ROOT",
        "OPTIONS, /, NOWHERE",
        "GET, /v1/health, HEALTH",
        "POST, /v1/health, NOWHERE",
        "OPTIONS, /v1/health, NOWHERE",
        "GET, /v1/shape, READ_SHAPE",
        "HEAD, /v1/shape, READ_SHAPE",
        "POST, /v1/shape, READ_SHAPE",
        "DELETE, /v1/shape, DELETE_SHAPE",
        "OPTIONS, /v1/shape, PREFLIGHT",
        "PUT, /v1/shape, NOWHERE",
        "PATCH, /v1/shape, NOWHERE",
        "GET, /v1/shape?table=items, READ_SHAPE",
        "GET, /v1/shape/, READ_SHAPE",
        "GET, /v1//shape, READ_SHAPE",
        "GET, //v1/shape, READ_SHAPE",
        "GET, /v1/%73hape, READ_SHAPE",
        "GET, /%76%31/shape, READ_SHAPE",
        "GET, http://example.org/v1/shape?a=b, READ_SHAPE",
        "GET, http://example.org, ROOT",
        "GET, /v1%2Fshape, NOWHERE",
        "GET, /V1/shape, NOWHERE",
        "GET, /v1/Shape, NOWHERE",
        "GET, /v1/shape/x, NOWHERE",
        "GET, /v1/%2573hape, NOWHERE",
        "GET, /v1/sh%zzape, NOWHERE",
        "GET, /v1/%, NOWHERE",
        "GET, /%ff, NOWHERE",
        "OPTIONS, *, NOWHERE",
    })
    void isFoundByMethodAndDecodedSegments(String method, String target, Route route) {
        assertThat(Route.of(HttpMethod.valueOf(method), target)).isEqualTo(route);
    }
}
