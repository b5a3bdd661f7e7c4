package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WHERE-057, WHERE-059, WHERE-066, WHERE-076 to WHERE-080, WHERE-083. */
final class DateTimeTest {
    private static final List<String> DATES = List.of(
            "2024-02-29",
            "2024-01-08",
            "2023-02-29",
            "20240229",
            "240229",
            "29/02/2024",
            "02/01/2024",
            "29/2/24",
            "Feb 29, 2024",
            "29 Feb 2024",
            "29-Feb-2024",
            "Feb-29-2024",
            "2024-Feb-29",
            "2024 Feb 29",
            "February 29 2024",
            "2024-2-9",
            "epoch",
            "infinity",
            "-infinity",
            "0001-01-01 BC",
            "0044-03-15 BC",
            "4714-11-24 BC",
            "4714-11-23 BC",
            "5874897-12-31",
            "5874898-01-01",
            "J2451187",
            "j 2451187",
            "julian 0",
            "2024.060",
            "2024-060",
            "2024-366",
            "2023-366",
            "99999-01-01",
            "",
            " ",
            " 2024-01-01 ",
            "2024-01-01 BC",
            "2024-01-01 AD",
            "29.2.2024",
            "2024.2.29",
            "2024/2/29",
            "1/2/3",
            "1 2 3",
            "29 02 2024",
            "2024 02 29",
            "99 Jan 05",
            "Jan 5 99",
            "5 Jan 24",
            "0000-01-01",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "32/1/2024",
            "Monday 2024-01-01",
            "2024-01-01 mon",
            "mon",
            "2024-02",
            "1/2",
            "today-1",
            "2024-01-01+02",
            "2024-01-01 UTC",
            "12345-01-01",
            "123-01-01",
            "2024-001-01",
            "2024-01-001",
            "20240230",
            "2024-01-01T",
            "J",
            "Jan",
            "2024-01-01 é",
            "294276-12-31",
            "294277-01-01",
            "May 5 2024 BC",
            "1.5",
            "2000000000-01-01",
            "1e5",
            "(2024-01-01)");
    private static final List<String> TIMES = List.of(
            "04:05:06",
            "04:05",
            "4:5:6",
            "04:05:06.789",
            "04:05:06.1234567",
            "04:05:06.9999999",
            "040506",
            "0405",
            "040506.789",
            "04:05 AM",
            "04:05 PM",
            "12:00 AM",
            "12:00 PM",
            "12:59:60 PM",
            "13:00 PM",
            "0:00 AM",
            "24:00:00",
            "24:00:01",
            "23:59:60",
            "23:59:60.5",
            "23:60",
            "25:00",
            "allballs",
            "T040506",
            "T04:05",
            "10:30.5",
            "10:",
            "10:00:00.",
            "04:05:06Z",
            "04:05:06+02",
            "04:05:06-08:30",
            "04:05:06 +0530",
            "04:05:06+15:59:59",
            "04:05:06+16",
            "04:05:06 EST",
            "04:05:06 PST",
            "04:05:06 UTC",
            "04:05:06 zulu",
            "04:05:06 America/New_York",
            "04:05:06 foo",
            "4 PM",
            "04",
            "1:2:3:4",
            "10:00:00 AM PM",
            "10:00 10:00",
            "",
            "10:00:00.5.5",
            "00:00:00.0000005",
            "00:00:00.0000015",
            "T",
            "4:05 pm utc");

    private static List<String> timestamps() {
        List<String> stamps = new ArrayList<>(DATES);
        stamps.addAll(TIMES);
        Random random = Agreement.random();
        for (int i = 0; i < 4000; i++) {
            String date = DATES.get(random.nextInt(DATES.size()));
            String time = TIMES.get(random.nextInt(TIMES.size()));
            String between = List.of(" ", " ", "T", "  ", ",", " at ", "").get(random.nextInt(7));
            stamps.add(random.nextInt(6) == 0 ? time + " " + date : date + between + time);
        }
        stamps.addAll(List.of(
                "2024-01-01 10:00:00 America/New_York",
                "2024-07-01 10:00:00 america/new_york",
                "2024-03-10 02:30 America/New_York",
                "2024-11-03 01:30 America/New_York",
                "2024-01-01 10:00 GB",
                "2024-01-01 10:00:00 +05 EST",
                "Mon Jan 1 10:00:00 2024",
                "2024-01-01 10:00 EST5EDT",
                "4714-11-24 00:00:00 BC",
                "4714-11-24 00:00:00+01 BC",
                "294276-12-31 23:59:59.999999",
                "294276-12-31 23:59:60",
                "294276-12-31 24:00:00",
                "294276-12-31 23:59:59-01",
                "294276-12-31 23:59:59.9999999"));
        return stamps;
    }

    @Test
    void readsDatesAsPostgres() {
        Agreement.onLiterals(PgType.DATE, dateCases(), 0.1);
        Agreement.onOrder(PgType.DATE, DATES, 1000);
    }

    private static List<String> dateCases() {
        List<String> all = new ArrayList<>(Agreement.withMutants(DATES, 4000, "0123456789-/. JBCTFeb:+"));
        all.addAll(timestamps());
        return all.stream().filter(DateTimeTest::isTimeless).toList();
    }

    /** Postgres takes these, but not for long. */
    private static boolean isTimeless(String literal) {
        String lower = literal.toLowerCase(java.util.Locale.ROOT);
        return !lower.contains("today") && !lower.contains("now") && !lower.contains("tomorrow");
    }

    @Test
    void readsTimesAsPostgres() {
        List<String> cases = Agreement.withMutants(TIMES, 4000, "0123456789:. APMTZ+-").stream()
                .toList();
        Agreement.onLiterals(PgType.TIME, cases, 0.1);
        Agreement.onLiterals(PgType.TIMETZ, cases, 0.1);
        List<String> both = new ArrayList<>();
        for (String stamp : timestamps()) {
            if (isTimeless(stamp)) {
                both.add(stamp);
            }
        }
        Agreement.onLiterals(PgType.TIME, both, 0.25);
        Agreement.onLiterals(PgType.TIMETZ, both, 0.25);
        Agreement.onOrder(PgType.TIME, TIMES, 500);
        Agreement.onOrder(PgType.TIMETZ, TIMES, 1500);
    }

    @Test
    void readsTimestampsAsPostgres() {
        List<String> cases = Agreement.withMutants(timestamps(), 4000, "0123456789:.-/ APMTZ+").stream()
                .filter(DateTimeTest::isTimeless)
                .toList();
        Agreement.onLiterals(PgType.TIMESTAMP, cases, 0.1);
        Agreement.onLiterals(PgType.TIMESTAMPTZ, cases, 0.1);
        Agreement.onOrder(
                PgType.TIMESTAMP,
                timestamps().stream().filter(DateTimeTest::isTimeless).toList(),
                1000);
    }

    @Test
    void refusesWordsThatMeanThePresent() {
        for (String word :
                List.of("now", "today", "tomorrow", "yesterday", "TODAY", " now ", "today 10:00", "tomorrow UTC")) {
            assertThatThrownBy(() -> Timestamp.input(word)).isInstanceOf(InvalidValue.class);
            assertThatThrownBy(() -> Timestamp.inputTz(word)).isInstanceOf(InvalidValue.class);
            assertThatThrownBy(() -> Date.input(word)).isInstanceOf(InvalidValue.class);
        }
        assertThatThrownBy(() -> Time.input("now")).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> TimeTz.input("now")).isInstanceOf(InvalidValue.class);
    }

    @Test
    void readsItsOwnWritingOfEveryDay() {
        for (int date = -2_451_507; date < 200_000; date += 37) {
            byte[] output = Text.utf8(Date.print(date));
            assertThat(Date.parse(output, 0, output.length)).isEqualTo(date);
        }
        for (int date : new int[] {Date.INFINITY, Date.MINUS_INFINITY, 2_145_031_948}) {
            byte[] output = Text.utf8(Date.print(date));
            assertThat(Date.parse(output, 0, output.length)).isEqualTo(date);
        }
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        List<String> dates = List.of(
                "2024-02-29",
                "2024-01-31",
                "0001-01-01 BC",
                "5874897-12-31",
                "4714-11-24 BC",
                "infinity",
                "-infinity",
                "294276-12-31",
                "294277-01-01",
                "1999-12-31");
        List<String> stamps = List.of(
                "2024-01-31 10:00:00.5",
                "2024-02-29 23:59:59.999999",
                "0001-02-28 00:00:00 BC",
                "294276-12-31 23:59:59",
                "4714-11-24 00:00:00 BC",
                "2000-01-01 00:00:00",
                "1999-12-31 23:59:59.5");
        List<String> intervals = List.of(
                "P1M",
                "-1 mon",
                "P1Y",
                "1 day",
                "-1 day",
                "1 us",
                "-1 us",
                "24:00:00",
                "-25:00",
                "P1M1DT1H",
                "P-1M31D",
                "178000000 years",
                "2147483647 days",
                "-2147483648 days",
                "2562047788 hours",
                "P13M-30DT0.5S",
                "PT0S",
                "12000 mons",
                "P-292277Y",
                "1000000 days");
        List<String> times = List.of("00:00:00", "24:00:00", "10:30:00.000001", "23:59:59.999999");
        Agreement agreement = new Agreement();
        for (String a : dates) {
            for (int n : new int[] {0, 1, -1, 365, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                agreement.add("'" + a + "'::date + (" + n + ")", () -> Date.print(Date.addDays(Date.input(a), n)));
                agreement.add("'" + a + "'::date - (" + n + ")", () -> Date.print(Date.subtractDays(Date.input(a), n)));
            }
            for (String b : dates) {
                agreement.add(
                        "'" + a + "'::date - '" + b + "'::date",
                        () -> "" + Date.daysBetween(Date.input(a), Date.input(b)));
            }
            for (String b : stamps) {
                agreement.add(
                        "'" + a + "'::date < '" + b + "'::timestamp",
                        () -> "" + (Date.compareToTimestamp(Date.input(a), Timestamp.input(b)) < 0));
            }
            for (String b : times) {
                agreement.add(
                        "'" + a + "'::date + '" + b + "'::time",
                        () -> Timestamp.print(Timestamp.of(Date.input(a), Time.input(b))));
            }
            for (String b : intervals) {
                agreement.add(
                        "'" + a + "'::date + '" + b + "'::interval",
                        () -> Timestamp.print(Timestamp.add(Date.toTimestamp(Date.input(a)), Interval.input(b))));
            }
            agreement.add("'" + a + "'::date::timestamp", () -> Timestamp.print(Date.toTimestamp(Date.input(a))));
        }
        List<String> allStamps = new ArrayList<>(stamps);
        allStamps.addAll(List.of("infinity", "-infinity"));
        for (String a : allStamps) {
            for (String b : intervals) {
                agreement.add(
                        "'" + a + "'::timestamp + '" + b + "'::interval",
                        () -> Timestamp.print(Timestamp.add(Timestamp.input(a), Interval.input(b))));
                agreement.add(
                        "'" + a + "'::timestamptz - '" + b + "'::interval",
                        () -> Timestamp.printTz(Timestamp.subtract(Timestamp.inputTz(a), Interval.input(b))));
            }
            for (String b : stamps) {
                if (stamps.contains(a)) {
                    agreement.add(
                            "'" + a + "'::timestamp - '" + b + "'::timestamp",
                            () -> Timestamp.between(Timestamp.input(a), Timestamp.input(b))
                                    .print());
                }
            }
            for (int digits = 0; digits <= 6; digits++) {
                int to = digits;
                agreement.add(
                        "'" + a + "'::timestamp(6)::timestamp(" + to + ")",
                        () -> Timestamp.print(Timestamp.round(Timestamp.input(a), to)));
            }
            agreement.add("'" + a + "'::timestamp::date", () -> Date.print(Date.from(Timestamp.input(a))));
            if (stamps.contains(a)) {
                agreement.add("'" + a + "'::timestamp::time", () -> {
                    Long time = Time.from(Timestamp.input(a));
                    return time == null ? null : Time.print(time);
                });
            }
        }
        for (String a : times) {
            for (String b : intervals) {
                agreement.add(
                        "'" + a + "'::time + '" + b + "'::interval",
                        () -> Time.print(Time.add(Time.input(a), Interval.input(b))));
                agreement.add(
                        "'" + a + "'::time - '" + b + "'::interval",
                        () -> Time.print(Time.subtract(Time.input(a), Interval.input(b))));
                agreement.add(
                        "'" + a + "+02'::timetz + '" + b + "'::interval",
                        () -> TimeTz.input(a + "+02").add(Interval.input(b)).print());
                agreement.add("'" + b + "'::interval::time", () -> Time.print(Time.from(Interval.input(b))));
            }
            for (String b : times) {
                agreement.add(
                        "'" + a + "'::time - '" + b + "'::time",
                        () -> Time.between(Time.input(a), Time.input(b)).print());
            }
            for (int digits = 0; digits <= 6; digits++) {
                int to = digits;
                agreement.add("'" + a + "'::time(" + to + ")", () -> Time.print(Time.round(Time.input(a), to)));
            }
            agreement.add(
                    "'" + a + "'::time::interval",
                    () -> Time.toInterval(Time.input(a)).print());
        }
        agreement.holds(0);
    }

    @Test
    void zonesAreThoseOfPostgresFrom1980To2024() {
        Random random = Agreement.random();
        List<String> zones = ZoneId.getAvailableZoneIds().stream()
                .filter(id -> !id.startsWith("SystemV/"))
                .sorted()
                .toList();
        Agreement agreement = new Agreement();
        for (String zone : zones) {
            for (int i = 0; i < 6; i++) {
                long local = (random.nextInt(44 * 365) - 19 * 365) * Calendar.MICROS_PER_DAY
                        + random.nextInt(86_400) * Calendar.MICROS_PER_SECOND;
                String text = Timestamp.print(local);
                agreement.add(
                        "timezone('" + zone + "', '" + text + "'::timestamp)",
                        () -> Timestamp.printTz(Timestamp.atZone(local, TimeZones.zone(zone))));
                agreement.add(
                        "timezone('" + zone + "', '" + text + "+00'::timestamptz)",
                        () -> Timestamp.print(Timestamp.inZone(local, TimeZones.zone(zone))));
            }
        }
        agreement.holds(0.01);
    }

    @Test
    void gapsAndOverlapsAreResolvedAsPostgresDoes() {
        Agreement agreement = new Agreement();
        for (String zone : List.of(
                "America/New_York",
                "Europe/Berlin",
                "Australia/Lord_Howe",
                "Africa/Casablanca",
                "Europe/Dublin",
                "EST",
                "cest")) {
            for (String day :
                    List.of("2024-03-10", "2024-11-03", "2024-03-31", "2024-10-27", "2024-04-07", "2024-10-06")) {
                for (int minute = 0; minute < 300; minute += 15) {
                    String local = String.format("%s %02d:%02d:00", day, minute / 60, minute % 60);
                    agreement.add(
                            "timezone('" + zone + "', '" + local + "'::timestamp)",
                            () -> Timestamp.printTz(Timestamp.atZone(Timestamp.input(local), TimeZones.zone(zone))));
                }
            }
        }
        agreement.holds(0);
    }
}
