package electric.bench.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked for on the command line. */
public final class Options {
    private static final Set<String> TEXTS = Set.of("server", "database", "server-pid", "report");
    private static final Set<String> NUMBERS =
            Set.of("rows", "clients", "shapes", "idle-shapes", "period", "fan-out-rows", "written", "huge");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> scenarios = new ArrayList<>();
    private boolean all;

    /**
     * @param known the names of all scenarios
     * @throws IllegalArgumentException says what is wrong
     */
    public Options(List<String> arguments, List<String> known) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String name = argument.startsWith("--") ? argument.substring(2) : "";
            if (name.equals("all")) {
                all = true;
            } else if (TEXTS.contains(name) || NUMBERS.contains(name)) {
                if (i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(argument + " wants a value");
                }
                String value = arguments.get(++i);
                if (NUMBERS.contains(name) && !value.matches("[1-9][0-9]{0,8}")) {
                    throw new IllegalArgumentException(argument + " wants a number, not " + value);
                }
                values.put(name, value);
            } else if (argument.startsWith("-")) {
                throw new IllegalArgumentException("There is no option " + argument);
            } else if (!known.contains(argument)) {
                throw new IllegalArgumentException("There is no scenario " + argument + ", only " + known);
            } else {
                scenarios.add(argument);
            }
        }
        if (values.containsKey("server") != values.containsKey("database")) {
            throw new IllegalArgumentException(
                    "--server and --database belong together: the rows are written to the one"
                            + " and read from the other");
        }
    }

    /** Those that were named; empty for all. */
    List<String> scenarios() {
        return scenarios;
    }

    /** Whether everything is wanted in full size, however long it takes. */
    boolean all() {
        return all;
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
