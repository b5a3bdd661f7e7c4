package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.http.Wire.Got;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Someone who has read the log of a shape to its end, and takes what comes behind it. */
final class Follower {
    private final Client client;
    private final String definition;
    private String handle;
    private String offset;

    Follower(Client client, String definition) {
        this.client = client;
        this.definition = definition;
        this.handle = "";
        this.offset = "-1";
        Got got;
        do {
            got = client.shape(query());
            assertThat(got.status()).as(got.body()).isEqualTo(200);
            stand(got);
        } while (!got.has("electric-up-to-date"));
    }

    private void stand(Got got) {
        handle = got.header("electric-handle");
        offset = got.header("electric-offset");
    }

    String handle() {
        return handle;
    }

    String offset() {
        return offset;
    }

    /** The transaction of the last change it has. */
    String tx() {
        return offset.substring(0, offset.indexOf('_'));
    }

    /** The next request, not yet live. */
    String query() {
        return definition + "&offset=" + offset + (handle.isEmpty() ? "" : "&handle=" + handle);
    }

    String live() {
        return query() + "&live=true";
    }

    /** The next changes, at least so many of them: where there are fewer, it is waited for them. */
    List<JsonNode> next(int count) {
        List<JsonNode> changes = new ArrayList<>();
        while (changes.size() < count) {
            Got got = client.shape(live());
            changes.addAll(Json.withoutControl(Json.items(got)));
            stand(got);
        }
        return changes;
    }
}
