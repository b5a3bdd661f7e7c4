package electric.oracle;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a row is named in a log. */
public final class Key {
    private Key() {}

    public static String of(List<String> relation, Collection<@Nullable String> values) {
        return relation.stream().map(Key::quoted).collect(Collectors.joining("."))
                + values.stream().map(Key::part).collect(Collectors.joining());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String part(@Nullable String value) {
        return value == null ? "/_" : "/\"" + value.replace("/", "//") + '"';
    }
}
