package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Every requirement is held against a running server here, or it is said why not. */
class RequirementsTest {
    private static final int LAST = 278;

    private static final String NEVER_ASLEEP =
            "connections are never closed because nothing happens: ELECTRIC_REPLICATION_IDLE_TIMEOUT has no effect";
    private static final String NO_SUBQUERIES = "subqueries are refused in this version";
    private static final String IN_MEMORY = "shapes live in memory in this version and end with the process";

    /** Requirement, or the first and the last of several, to why nothing here holds it. */
    private static final Map<String, String> EXCEPTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry("035", NEVER_ASLEEP),
            Map.entry("098-099", NO_SUBQUERIES),
            Map.entry("181-187", NO_SUBQUERIES),
            Map.entry("192", IN_MEMORY),
            Map.entry("209", IN_MEMORY),
            Map.entry("225", "needs a cache in front: NginxTest"),
            Map.entry("230", "takes a minute: EventStreamTest of sync-service has shorter times"),
            Map.entry("262", NEVER_ASLEEP),
            Map.entry("265", "takes half a minute: SnapshotQueryTest of sync-service has a shorter time"),
            Map.entry(
                    "268", "every use of the database in a request has words of its own: HTTP-260, HTTP-263, HTTP-264"),
            Map.entry("269", "nothing unexpected can be brought about from outside: RoutesTest of sync-service"),
            Map.entry(
                    "271", "the stock client as it comes from the registry, in scenarios of our own: StockClientTest"),
            Map.entry("272", "needs a cache in front: NginxTest")));

    private static final Pattern NAME = Pattern.compile("http(\\d{3})[A-Z]\\w*");

    private static SortedSet<Integer> excepted() {
        return EXCEPTIONS.keySet().stream()
                .flatMap(range -> {
                    String[] ends = range.split("-", -1);
                    return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                            .boxed();
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Method> tests() throws Exception {
        List<Method> tests = new ArrayList<>();
        for (Class<?> one : conformanceTests()) {
            Arrays.stream(one.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class)
                            || method.isAnnotationPresent(ParameterizedTest.class))
                    .forEach(tests::add);
        }
        return tests;
    }

    private static List<Class<?>> conformanceTests() throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("ConformanceTest.class")) {
                    String simple = name.substring(0, name.length() - ".class".length());
                    // Their servers need not start for this.
                    classes.add(Class.forName(
                            RequirementsTest.class.getPackageName() + "." + simple,
                            false,
                            RequirementsTest.class.getClassLoader()));
                }
            }
        }
        return classes;
    }

    private static Path folder() throws URISyntaxException {
        URI self = Objects.requireNonNull(RequirementsTest.class.getResource("RequirementsTest.class"))
                .toURI();
        return Objects.requireNonNull(Path.of(self).getParent());
    }

    @Test
    void everyTestNamesItsRequirement() throws Exception {
        assertThat(tests())
                .isNotEmpty()
                .allSatisfy(
                        test -> assertThat(test.getName()).as(test.toString()).matches(NAME));
    }

    @Test
    void everyRequirementHasATestOrAReason() throws Exception {
        SortedSet<Integer> held = tests().stream()
                .map(test -> NAME.matcher(test.getName()))
                .filter(Matcher::matches)
                .map(name -> Integer.parseInt(name.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(held).as("nothing is both held and excepted").doesNotContainAnyElementsOf(excepted());
        SortedSet<Integer> either = new TreeSet<>(held);
        either.addAll(excepted());
        assertThat(either.headSet(LAST + 1))
                .as("each from 1 to %d", LAST)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, LAST).boxed().toList());
    }
}
