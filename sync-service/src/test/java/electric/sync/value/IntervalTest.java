package electric.sync.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** WHERE-056, WHERE-061, WHERE-081, WHERE-082. */
final class IntervalTest {
    private static final List<String> LITERALS = List.of(
            "1 day",
            "1-2",
            "3 4:05:06",
            "P1Y2M3DT4H5M6S",
            "P0001-02-03T04:05:06",
            "1 year 2 months 3 days 4 hours 5 minutes 6 seconds",
            "1.5 days",
            "1 day ago",
            "@ 1 minute",
            "@ 1 minute ago",
            "-1-2 +3 -4:05:06",
            "1 week",
            "1.5 months",
            "10",
            "1:30",
            "1:30:15.5",
            "1 mon 1 mon",
            "P1W",
            "2 decades",
            "1 century",
            "1.5 centuries",
            "",
            " ",
            "500 ms",
            "1 hour -30 min",
            "-1 day +24:00",
            "1 day -24:00",
            "1.5 weeks",
            "0.5 years",
            "1.25 years",
            "1y2mon3d4h5m6s",
            "1 2",
            "1 2 3",
            "1 2:03",
            "1 2 hours",
            "P-1Y",
            "P1.5Y",
            "PT1.5H",
            "PT-0.5S",
            "P1Y2Y",
            "P",
            "PT",
            "P1",
            "p1y",
            "1.123456789 s",
            "-0.0000005 s",
            "0.0000015 s",
            "1 us",
            "1.5 us",
            "100:00:00",
            "10:60",
            "10:30:60",
            "10:30:61",
            "10:30.5",
            "-10:30",
            "+1 day",
            "- 1 day",
            "1 foo",
            "ago",
            "1 ago",
            "1 day 1",
            "day",
            "99999999999 years",
            "2147483647 days",
            "2147483648 days",
            "-2147483648 days",
            "178956970 years 7 mons",
            "178956970 years 8 mons",
            "9223372036854775807 us",
            "9223372036854775808 us",
            "9223372036854775807 us 1 us",
            "1 millennium",
            "1 mil",
            "microsecond",
            "3 microseconds",
            "2 milliseconds",
            "1.5 hours 1.5 minutes",
            "1 day 1 hour ago",
            "1-13",
            "1-2-3",
            "P1M2DT",
            "P1YT2H",
            "12 h 30",
            "30 12:00",
            "1 day 12:00 PM",
            "1.5",
            "-1.5",
            ".5",
            "5.",
            "1e3",
            "PT1e3S",
            "1 month 1 day 1 hour 1.000001 seconds",
            "30 days",
            "1 mon",
            "1 year",
            "360 days",
            "12 mons",
            "24:00",
            "24 hours",
            "0",
            "-1 mon 30 days",
            "1.33 months",
            "0.7 weeks",
            "-1.7 months -1.7 days",
            "P1Y-2M3DT-4H5M-6.789S");

    private static List<String> literals() {
        List<String> all = new ArrayList<>(Agreement.withMutants(LITERALS, 5000, "0123456789-+.: PYMDTHSdaysmon"));
        Random random = Agreement.random();
        List<String> units = List.of(
                "us", "ms", "s", "sec", "min", "m", "hour", "h", "day", "d", "week", "w", "mon", "months", "year", "y",
                "decades", "c", "cent", "mils");
        for (int i = 0; i < 4000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(3); n >= 0; n--) {
                text.append(random.nextInt(3) == 0 ? "-" : "")
                        .append(random.nextInt(200))
                        .append(random.nextInt(3) == 0 ? "." + random.nextInt(1000) : "")
                        .append(random.nextBoolean() ? " " : "")
                        .append(units.get(random.nextInt(units.size())))
                        .append(' ');
            }
            text.append(random.nextInt(5) == 0 ? "ago" : random.nextInt(4) == 0 ? "10:20:30.5" : "");
            all.add(text.toString());
        }
        return all;
    }

    @Test
    void readsAndPrintsAsPostgres() {
        Agreement.onLiterals(PgType.INTERVAL, literals(), 0.1);
        Agreement.onOrder(PgType.INTERVAL, LITERALS, 3000);
    }

    @Test
    void readsAndTruncatesTheFieldsThatAreNamed() {
        List<String> literals = List.of(
                "1",
                "-1",
                "1.5",
                "1:30",
                "1 2:03:04",
                "1-2",
                "1 year 2 mons 3 days 04:05:06.7",
                "-1 year -2 mons +3 days -04:05:06.7",
                "1:30.5",
                "P1Y2M3DT4H5M6S",
                "25 months",
                "36 hours",
                "1 2");
        Agreement agreement = new Agreement();
        for (IntervalFields fields : IntervalFields.values()) {
            String sql = fields == IntervalFields.ALL
                    ? ""
                    : fields.name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
            for (String literal : literals) {
                agreement.add(
                        "interval " + Agreement.quote(literal) + " " + sql,
                        () -> Interval.input(literal, fields).print());
            }
        }
        agreement.holds(0.05);
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        Random random = Agreement.random();
        List<String> values = LITERALS.stream()
                .filter(literal ->
                        Agreement.answer(() -> Interval.input(literal).print()).startsWith("="))
                .toList();
        Agreement agreement = new Agreement();
        for (int i = 0; i < 1500; i++) {
            String a = values.get(random.nextInt(values.size()));
            String b = values.get(random.nextInt(values.size()));
            agreement.add(
                    typed(a) + " + " + typed(b),
                    () -> Interval.input(a).add(Interval.input(b)).print());
            agreement.add(
                    typed(a) + " - " + typed(b),
                    () -> Interval.input(a).subtract(Interval.input(b)).print());
            String factor = List.of(
                            "0",
                            "1",
                            "-1",
                            "0.5",
                            "1.5",
                            "-0.3",
                            "0.1",
                            "3",
                            "1e10",
                            "1e-5",
                            "NaN",
                            "7.77",
                            "0.333333333")
                    .get(random.nextInt(13));
            agreement.add(
                    typed(a) + " * '" + factor + "'::float8",
                    () -> Interval.input(a).multiply(Float8.input(factor)).print());
            agreement.add(
                    typed(a) + " / '" + factor + "'::float8",
                    () -> Interval.input(a).divide(Float8.input(factor)).print());
        }
        for (String a : values) {
            operation(agreement, "- ", a, "", Interval::negate);
            operation(agreement, "justify_hours(", a, ")", Interval::justifyHours);
            operation(agreement, "justify_days(", a, ")", Interval::justifyDays);
            operation(agreement, "justify_interval(", a, ")", Interval::justifyInterval);
        }
        agreement.holds(0);
    }

    private static void operation(
            Agreement agreement, String before, String a, String after, UnaryOperator<Interval> ours) {
        agreement.add(
                before + typed(a) + after, () -> ours.apply(Interval.input(a)).print());
    }

    private static String typed(String literal) {
        return "(" + Agreement.quote(literal) + "::interval)";
    }
}
