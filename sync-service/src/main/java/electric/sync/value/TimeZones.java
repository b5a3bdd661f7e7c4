package electric.sync.value;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Time zones by the abbreviations and names that Postgres reads: the common abbreviations of a fixed offset, and the names
 * of the time zone database. Java's copy of that database merges zones that differ only before 1970, Postgres's does not;
 * the record of the seventies is still being corrected; and either copy may lack the latest laws. So a named zone's clocks
 * before 1980 and since 2025 are refused.
 */
public final class TimeZones {
    private static final Map<String, Integer> ABBREVIATIONS = abbreviations();
    private static final long FIRST_KNOWN = Calendar.days(1980, 1, 1) * Calendar.MICROS_PER_DAY;
    private static final long FIRST_UNKNOWN = Calendar.days(2025, 1, 1) * Calendar.MICROS_PER_DAY;
    private static final Map<String, String> NAMES = names();
    private static final Pattern POSIX =
            Pattern.compile("[A-Za-z]*([+-]?)([0-9]{1,2})(?::([0-5]?[0-9]))?(?::([0-5]?[0-9]))?");

    private TimeZones() {}

    /** A place's clocks. Offsets are in seconds east of UTC, times in microseconds since 2000-01-01 00:00. */
    public sealed interface Zone permits Fixed, Named, ObservedZone {
        int offsetAt(long instant);

        /** A time that a change skips counts by the clocks before it, one that occurs twice by those after it. */
        int offsetOfLocal(long local);
    }

    record Fixed(int offset) implements Zone {
        @Override
        public int offsetAt(long instant) {
            return offset;
        }

        @Override
        public int offsetOfLocal(long local) {
            return offset;
        }
    }

    record Named(ZoneRules rules) implements Zone {
        @Override
        public int offsetAt(long instant) {
            return rules.getOffset(Instant.ofEpochSecond(seconds(instant))).getTotalSeconds();
        }

        @Override
        public int offsetOfLocal(long local) {
            LocalDateTime shown = LocalDateTime.ofEpochSecond(seconds(local), 0, ZoneOffset.UTC);
            ZoneOffsetTransition change = rules.getTransition(shown);
            if (change == null) {
                return rules.getOffset(shown).getTotalSeconds();
            }
            return (change.isGap() ? change.getOffsetBefore() : change.getOffsetAfter()).getTotalSeconds();
        }

        private static long seconds(long micros) {
            if (micros < FIRST_KNOWN || micros >= FIRST_UNKNOWN) {
                throw new NotExact(
                        "a time zone's clocks before 1980, or since 2025, whose laws the server may know better");
            }
            return Math.floorDiv(micros, Calendar.MICROS_PER_SECOND) - Calendar.EPOCH_DAY * 86_400L;
        }
    }

    /** Whether it is a zone of the time zone database, whose clocks laws change. */
    public static boolean isNamed(String name) {
        return find(name).filter(Named.class::isInstance).isPresent();
    }

    /** The zone of {@code AT TIME ZONE}, or a refusal: of a name that is not one, or that is not surely the same here. */
    public static Zone zone(String name) {
        return find(name)
                .or(() -> posix(name))
                .orElseThrow(() -> new NotExact("a time zone that is not in the time zone database"));
    }

    /** An abbreviation without meaning, and hours, minutes and seconds west. */
    private static Optional<Zone> posix(String name) {
        Matcher parts = POSIX.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int west = Integer.parseInt(parts.group(2)) * 3600 + sixtieths(parts.group(3)) * 60 + sixtieths(parts.group(4));
        return Optional.of(fixed("-".equals(parts.group(1)) ? west : -west));
    }

    private static int sixtieths(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** @param offset in seconds east */
    public static Zone fixed(int offset) {
        return new Fixed(offset);
    }

    static Optional<Zone> find(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        Integer fixed = ABBREVIATIONS.get(key);
        if (fixed != null) {
            return Optional.of(new Fixed(fixed));
        }
        return Optional.ofNullable(NAMES.get(key))
                .map(id -> new Named(ZoneId.of(id).getRules()));
    }

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        for (String id : ZoneId.getAvailableZoneIds()) {
            // Java's own inventions are not in the time zone database.
            if (!id.startsWith("SystemV/")) {
                names.put(id.toLowerCase(Locale.ROOT), id);
            }
        }
        return Map.copyOf(names);
    }

    private static Map<String, Integer> abbreviations() {
        String minutesEast = """
                utc 0 gmt 0 z 0 zulu 0 ut 0 uct 0 wet 0 cet 60 cest 120 met 60 mest 120 eet 120 eest 180 bst 60
                est -300 edt -240 cst -360 cdt -300 mst -420 mdt -360 pst -480 pdt -420 akst -540 akdt -480 hst -600
                ast -240 adt -180 nst -210 ndt -150 jst 540 kst 540 hkt 480 ist 120 idt 180 sast 120 eat 180
                aest 600 aedt 660 acst 570 acdt 630 awst 480 nzst 720 nzdt 780
                """;
        String[] words = minutesEast.strip().split("\\s+", -1);
        Map<String, Integer> abbreviations = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            abbreviations.put(words[i], Integer.parseInt(words[i + 1]) * 60);
        }
        return Map.copyOf(abbreviations);
    }
}
