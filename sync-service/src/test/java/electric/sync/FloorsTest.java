package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the floors of ARCHITECTURE.md: a room uses lower floors only. */
final class FloorsTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "electric", "sync");
    private static final String ROOT = "";

    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("change", 0),
            Map.entry("value", 0),
            Map.entry("meter", 0),
            Map.entry("pg", 1),
            Map.entry("where", 1),
            Map.entry("log", 1),
            Map.entry("coding", 2),
            Map.entry("shape", 2),
            Map.entry("route", 2),
            Map.entry("ingest", 3),
            Map.entry("serve", 3),
            Map.entry("http", 4),
            Map.entry("ops", 4),
            Map.entry(ROOT, 5));

    private static final List<String> SIX_LINES =
            List.of("Knows: .+", "Does not know: .+", "Door: .+", "Floor: \\d\\.", "Threads: .+", "(Hot|Cold)\\b.*");

    /** An import or a fully qualified use: a room and a type in it, or a type of the root. */
    private static final Pattern USE = Pattern.compile("\\belectric\\.sync\\.(?:([a-z]\\w*)\\.)?([A-Z*]\\w*)");

    @Test
    void everyRoomUsesLowerFloorsOnly() throws IOException {
        List<String> violations = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(FloorsTest::isJava).sorted().toList()) {
                violations.addAll(violations(SOURCES.relativize(file), Files.readAllLines(file)));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void everyRoomSaysItsSixLines() throws IOException {
        List<String> violations = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                Path info = folder.resolve("package-info.java");
                List<String> lines = Files.exists(info) ? Files.readAllLines(info) : List.of();
                violations.addAll(missingLines(SOURCES.relativize(info), lines));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void aLowerFloorIsAllowedAndSoIsRouteUsingShape() {
        assertThat(check("shape", "import electric.sync.log.LogOffset;")).isEmpty();
        assertThat(check("route", "import electric.sync.shape.ShapeDefinition;"))
                .isEmpty();
        assertThat(check("http", "import electric.sync.http.HttpServer;")).isEmpty();
        assertThat(check(ROOT, "import electric.sync.http.HttpServer;")).isEmpty();
    }

    @Test
    void aHigherOrTheSameFloorIsNamedWithItsLine() {
        assertThat(check("log", "import electric.sync.shape.Shape;"))
                .containsExactly("log/File.java:1: log (floor 1) uses shape (floor 2): only lower floors are allowed");
        assertThat(check("shape", "import electric.sync.route.Router;")).hasSize(1);
        assertThat(check("pg", "    electric.sync.log.LogOffset offset;")).hasSize(1);
        assertThat(check("ops", "import static electric.sync.http.HttpServer.*;"))
                .hasSize(1);
        assertThat(check("http", "import electric.sync.App;")).hasSize(1);
    }

    @Test
    void anUnknownRoomAndAFolderInsideARoomAreRefused() {
        assertThat(check("util", "")).containsExactly("util/File.java: no floor is known for the room util");
        assertThat(check("http", "import electric.sync.util.Strings;"))
                .containsExactly("http/File.java:1: no floor is known for the room util");
        assertThat(check("http/json", ""))
                .containsExactly("http/json/File.java: rooms are flat, and this is a folder inside one");
    }

    @Test
    void aMissingLineOrAWrongFloorIsNamed() {
        assertThat(missingLines(Path.of("log", "package-info.java"), List.of(" * Knows: bytes.", " * Floor: 3.")))
                .contains(
                        "log/package-info.java: lacks the line \"Does not know: .+\"",
                        "log/package-info.java: says another floor than 1");
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static List<String> check(String room, String line) {
        return violations(Path.of(room, "File.java"), List.of(line));
    }

    private static List<String> violations(Path file, List<String> lines) {
        if (file.getNameCount() > 2) {
            return List.of(file + ": rooms are flat, and this is a folder inside one");
        }
        String room = roomOf(file);
        Integer floor = FLOORS.get(room);
        if (floor == null) {
            return List.of(file + ": no floor is known for the room " + room);
        }
        List<String> violations = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher use = USE.matcher(lines.get(i));
            while (use.find()) {
                String used = use.group(1) == null ? ROOT : use.group(1);
                String where = file + ":" + (i + 1) + ": ";
                Integer usedFloor = FLOORS.get(used);
                if (usedFloor == null) {
                    violations.add(where + "no floor is known for the room " + used);
                } else if (!used.equals(room)
                        && usedFloor >= floor
                        && !(room.equals("route") && used.equals("shape"))) {
                    violations.add(where + name(room) + " (floor " + floor + ") uses " + name(used) + " (floor "
                            + usedFloor + "): only lower floors are allowed");
                }
            }
        }
        return violations;
    }

    private static List<String> missingLines(Path info, List<String> lines) {
        List<String> violations = new ArrayList<>();
        for (String wanted : SIX_LINES) {
            Pattern pattern = Pattern.compile(" \\* " + wanted);
            if (lines.stream().noneMatch(line -> pattern.matcher(line).matches())) {
                violations.add(info + ": lacks the line \"" + wanted + "\"");
            }
        }
        if (!lines.contains("@NullMarked")) {
            violations.add(info + ": lacks @NullMarked");
        }
        Integer floor = FLOORS.get(roomOf(info));
        if (floor != null && !lines.contains(" * Floor: " + floor + ".")) {
            violations.add(info + ": says another floor than " + floor);
        }
        return violations;
    }

    private static String roomOf(Path file) {
        return file.getNameCount() == 1 ? ROOT : file.getName(0).toString();
    }

    private static String name(String room) {
        return room.isEmpty() ? "the root" : room;
    }
}
