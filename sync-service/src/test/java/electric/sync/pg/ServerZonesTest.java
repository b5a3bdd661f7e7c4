package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.TestPostgres;
import electric.sync.value.NotExact;
import electric.sync.value.TimeZones.Zone;
import electric.sync.value.Timestamp;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ServerZonesTest {
    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final AtomicInteger asked = new AtomicInteger();
    private final ServerZones zones = new ServerZones(() -> {
        asked.incrementAndGet();
        return postgres.connect(database);
    });

    @Test
    void showsWhatTheServersClocksShow() throws SQLException {
        for (String name : List.of(
                "Europe/Berlin",
                "america/new_york",
                "Australia/Lord_Howe",
                "Europe/Dublin",
                "Africa/Casablanca",
                "America/Asuncion",
                "Pacific/Apia",
                "Asia/Kathmandu",
                "EST5EDT",
                "UTC")) {
            Zone zone = zones.of(name);
            List<String> times = times(name);
            try (var connection = postgres.connect(database);
                    var query = connection.prepareStatement(
                            "SELECT t, (t::timestamp AT TIME ZONE ? AT TIME ZONE 'UTC')::text,"
                                    + " (t::timestamp AT TIME ZONE 'UTC' AT TIME ZONE ?)::text FROM unnest(?::text[]) AS u(t)")) {
                query.setString(1, name);
                query.setString(2, name);
                query.setArray(3, connection.createArrayOf("text", times.toArray()));
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        long time = Timestamp.input(row.getString(1));
                        assertThat(Timestamp.print(Timestamp.atZone(time, zone)))
                                .as("%s there in %s", row.getString(1), name)
                                .isEqualTo(row.getString(2));
                        assertThat(Timestamp.print(Timestamp.inZone(time, zone)))
                                .as("%s UTC in %s", row.getString(1), name)
                                .isEqualTo(row.getString(3));
                    }
                }
            }
        }
    }

    /** Random ones, and those around the changes that Java knows of. */
    private static List<String> times(String name) {
        Random random = new Random(20_261_120);
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            seconds.add(random.nextLong(Instant.parse("1970-01-05T00:00:00Z").getEpochSecond(), 4_102_000_000L));
        }
        var rules = ZoneId.of(ZoneId.getAvailableZoneIds().stream()
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .orElseThrow())
                .getRules();
        ZoneOffsetTransition change = rules.nextTransition(Instant.parse("1971-01-01T00:00:00Z"));
        for (int i = 0; i < 250 && change != null; i++) {
            for (long around : new long[] {-7200, -3601, -3600, -1800, -1, 0, 1, 1800, 3599, 3600, 3601, 7200}) {
                seconds.add(change.toEpochSecond() + around);
                seconds.add(change.toEpochSecond()
                        + around
                        + change.getOffsetBefore().getTotalSeconds());
            }
            change = rules.nextTransition(change.getInstant());
        }
        return seconds.stream()
                .filter(second -> second < 4_102_000_000L)
                .map(second -> Instant.ofEpochSecond(second)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDateTime()
                        .toString()
                        .replace('T', ' '))
                .toList();
    }

    @Test
    void asksTheServerOncePerZoneAndNobodyForFixedOffsets() {
        zones.of("Europe/Berlin");
        zones.of("europe/berlin");
        zones.of("PST");
        zones.of("+3");
        assertThat(asked).hasValue(1);
        assertThatThrownBy(() -> zones.of("Nowhere/Land")).isInstanceOf(NotExact.class);
        assertThat(asked).hasValue(1);
    }
}
