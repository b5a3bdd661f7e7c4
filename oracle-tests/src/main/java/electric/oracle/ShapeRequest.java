package electric.oracle;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One request for a log. */
public record ShapeRequest(Offset offset, Optional<String> handle, boolean live, String cursor) {
    static ShapeRequest initial() {
        return new ShapeRequest(Offset.BEFORE_ALL, Optional.empty(), false, "");
    }

    String query(ShapeDefinition definition) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("offset", offset.toString());
        handle.ifPresent(name -> parameters.put("handle", name));
        if (live) {
            parameters.put("live", "true");
            parameters.put("cursor", cursor);
        }
        return definition.query(parameters);
    }
}
