package electric.sync.where;

import java.util.List;
import java.util.stream.Collectors;

/** Names as messages and SQL show them. */
final class Names {
    private Names() {}

    /** Dots between the parts, quotes around those that need them. */
    static String shown(List<String> names) {
        return names.stream().map(Names::shown).collect(Collectors.joining("."));
    }

    private static String shown(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9');
            if (!plain) {
                return quoted(name);
            }
        }
        return name.isEmpty() ? quoted(name) : name;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
