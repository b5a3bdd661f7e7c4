package electric.sync.where;

import electric.sync.value.Agreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Values of a type by their literals: those at the edges, and random ones from a fixed seed. */
final class Literals {
    private static final int RANDOM = 60;

    private Literals() {}

    static List<String> of(String type) {
        Random random = Agreement.random();
        return switch (type) {
            case "bool" -> List.of("t", "f");
            case "int4" -> ints(random, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "int8" -> ints(random, Long.MIN_VALUE, Long.MAX_VALUE);
            case "float8" -> floats(random);
            case "date" -> dates(random);
            case "time" -> times(random);
            case "timetz" ->
                times(random).stream().map(time -> time + offset(random)).toList();
            case "timestamp" -> timestamps(random);
            case "timestamptz" ->
                timestamps(random).stream()
                        .map(timestamp -> timestamp.endsWith("infinity")
                                ? timestamp
                                : timestamp.replace(" BC", "") + "+00" + (timestamp.endsWith(" BC") ? " BC" : ""))
                        .toList();
            case "interval" -> intervals(random);
            default -> throw new IllegalArgumentException("no literals of " + type);
        };
    }

    static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> ints(Random random, long least, long most) {
        List<String> all = with(
                List.of("0", "1", "-1", "2", "3", "7", "-7", "12", "30", "365", "100000", "-100000"),
                String.valueOf(least),
                String.valueOf(least + 1),
                String.valueOf(most),
                String.valueOf(most - 1));
        for (int i = 0; i < RANDOM; i++) {
            all.add(String.valueOf(
                    random.nextLong() >> random.nextInt(40) >> (most == Long.MAX_VALUE ? random.nextInt(24) : 32)));
        }
        return all;
    }

    private static List<String> floats(Random random) {
        List<String> all = with(
                List.of("0", "-0", "1", "-1", "0.5", "1.5", "-2.5", "0.1", "0.333333333333", "3", "7", "1e-7"),
                "1e10",
                "-1e15",
                "1e300",
                "1e-300",
                "NaN",
                "Infinity",
                "-Infinity");
        for (int i = 0; i < RANDOM; i++) {
            all.add(String.valueOf((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(8))));
        }
        return all;
    }

    private static List<String> dates(Random random) {
        List<String> all = with(
                List.of(
                        "2000-01-01",
                        "1999-12-31",
                        "2024-02-29",
                        "2023-02-28",
                        "2024-01-31",
                        "1970-01-01",
                        "2024-12-30"),
                "0001-01-01",
                "0001-12-31 BC",
                "0005-02-28 BC",
                "4714-11-24 BC",
                "4714-12-31 BC",
                "5874897-12-31",
                "294276-12-31",
                "294277-01-01",
                "infinity",
                "-infinity",
                "1900-03-01",
                "2000-02-29",
                "2021-01-01",
                "2020-12-31");
        for (int i = 0; i < RANDOM; i++) {
            all.add(date(random));
        }
        return all;
    }

    private static String date(Random random) {
        int year = random.nextInt(4) == 0 ? 1 + random.nextInt(9999) : 1950 + random.nextInt(100);
        return "%04d-%02d-%02d%s"
                .formatted(
                        year,
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        year < 4000 && random.nextInt(10) == 0 ? " BC" : "");
    }

    private static List<String> times(Random random) {
        List<String> all = with(
                List.of(
                        "00:00:00",
                        "24:00:00",
                        "23:59:59.999999",
                        "12:00:00",
                        "00:00:00.000001",
                        "10:30:00",
                        "12:34:56.5"),
                "12:34:56.4999995",
                "23:59:59.5",
                "01:02:03.004005");
        for (int i = 0; i < RANDOM; i++) {
            all.add(time(random));
        }
        return all;
    }

    private static String time(Random random) {
        String time = "%02d:%02d:%02d".formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60));
        return random.nextBoolean() ? time : time + ".%06d".formatted(random.nextInt(1_000_000));
    }

    private static String offset(Random random) {
        return List.of("+00", "+02", "-05:30", "+14", "-12", "+00:00:01").get(random.nextInt(6));
    }

    private static List<String> timestamps(Random random) {
        List<String> all = with(
                List.of("infinity", "-infinity", "2000-01-01 00:00:00", "1999-12-31 23:59:59.999999"),
                "2024-01-31 10:00:00",
                "2024-02-29 23:59:59.5",
                "294276-12-31 23:59:59.999999",
                "4714-11-24 00:00:00 BC",
                "0001-12-31 23:59:59 BC",
                "0001-01-01 00:00:00",
                "1970-01-01 00:00:00");
        for (int i = 0; i < RANDOM; i++) {
            String date = date(random);
            all.add(
                    date.endsWith(" BC")
                            ? date.substring(0, 10) + " " + time(random) + " BC"
                            : date + " " + time(random));
        }
        return all;
    }

    private static List<String> intervals(Random random) {
        List<String> all = with(
                List.of("0", "1 day", "-1 day", "24 hours", "1 mon", "-1 mon", "30 days", "1 year", "12 mons", "1 us"),
                "-1 us",
                "1 day -24:00",
                "1 mon -31 days",
                "-1 mon 1 day",
                "178956970 years 7 mons",
                "-178956970 years -8 mons",
                "2147483647 days",
                "-2147483648 days",
                "2562047788:00:54.775807",
                "-2562047788:00:54.775807",
                "1:30:15.123456",
                "1000 years",
                "100 years 11 mons 29 days 23:59:59.999999",
                "-5 years 3 mons 40 days -100:00",
                "1.5 days",
                "20 hours",
                "-5:00");
        for (int i = 0; i < RANDOM; i++) {
            all.add("%d mons %d days %d us"
                    .formatted(
                            part(random, 5000), part(random, 50_000), random.nextLong() >> (10 + random.nextInt(50))));
        }
        return all;
    }

    private static int part(Random random, int most) {
        return random.nextInt(3) == 0
                ? 0
                : random.nextInt(random.nextInt(4) == 0 ? most : 40) * (random.nextBoolean() ? 1 : -1);
    }
}
