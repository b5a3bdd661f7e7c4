package electric.sync.where;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** WHERE-076 to WHERE-083. */
final class DateTimeRoutinesTest {
    private static final int CALLS = 400;

    private static RoutineAgreement onLiterals(RoutineAgreement agreement, String signature, String result) {
        String types = signature.substring(signature.indexOf('(') + 1, signature.length() - 1);
        List<List<String>> literals =
                Stream.of(types.split(",", -1)).map(Literals::of).toList();
        return agreement.calls(signature, ">" + result, CALLS, literals);
    }

    @Test
    void addAndSubtractAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        onLiterals(agreement, "date_pli(date,int4)", "date");
        onLiterals(agreement, "integer_pl_date(int4,date)", "date");
        onLiterals(agreement, "date_mii(date,int4)", "date");
        onLiterals(agreement, "date_mi(date,date)", "int4");
        onLiterals(agreement, "date_pl_interval(date,interval)", "timestamp");
        onLiterals(agreement, "interval_pl_date(interval,date)", "timestamp");
        onLiterals(agreement, "date_mi_interval(date,interval)", "timestamp");
        onLiterals(agreement, "datetime_pl(date,time)", "timestamp");
        onLiterals(agreement, "timedate_pl(time,date)", "timestamp");
        onLiterals(agreement, "time_pl_interval(time,interval)", "time");
        onLiterals(agreement, "interval_pl_time(interval,time)", "time");
        onLiterals(agreement, "time_mi_interval(time,interval)", "time");
        onLiterals(agreement, "time_mi_time(time,time)", "interval");
        for (String type : List.of("timestamp", "timestamptz")) {
            onLiterals(agreement, type + "_pl_interval(" + type + ",interval)", type);
            onLiterals(agreement, "interval_pl_" + type + "(interval," + type + ")", type);
            onLiterals(agreement, type + "_mi_interval(" + type + ",interval)", type);
            onLiterals(agreement, type + "_mi(" + type + "," + type + ")", "interval");
        }
        onLiterals(agreement, "interval_pl(interval,interval)", "interval");
        onLiterals(agreement, "interval_mi(interval,interval)", "interval");
        onLiterals(agreement, "interval_um(interval)", "interval");
        onLiterals(agreement, "interval_mul(interval,float8)", "interval");
        onLiterals(agreement, "mul_d_interval(float8,interval)", "interval");
        onLiterals(agreement, "interval_div(interval,float8)", "interval");
        onLiterals(agreement, "justify_days(interval)", "interval");
        onLiterals(agreement, "justify_hours(interval)", "interval");
        onLiterals(agreement, "justify_interval(interval)", "interval");
        agreement.holds(0.05);
    }

    @Test
    void compareAcrossTypesAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        for (String verb : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
            for (String zoned : List.of("timestamp", "timestamptz")) {
                onLiterals(agreement, "date_" + verb + "_" + zoned + "(date," + zoned + ")", "bool");
                onLiterals(agreement, zoned + "_" + verb + "_date(" + zoned + ",date)", "bool");
            }
            onLiterals(agreement, "timestamp_" + verb + "_timestamptz(timestamp,timestamptz)", "bool");
            onLiterals(agreement, "timestamptz_" + verb + "_timestamp(timestamptz,timestamp)", "bool");
        }
        agreement.holds(0);
    }

    @Test
    void castAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        onLiterals(agreement, "timestamp(date)", "timestamp");
        onLiterals(agreement, "timestamptz(date)", "timestamptz");
        onLiterals(agreement, "date(timestamp)", "date");
        onLiterals(agreement, "date(timestamptz)", "date");
        onLiterals(agreement, "timestamp(timestamptz)", "timestamp");
        onLiterals(agreement, "timestamptz(timestamp)", "timestamptz");
        onLiterals(agreement, "time(timestamp)", "time");
        onLiterals(agreement, "time(timestamptz)", "time");
        onLiterals(agreement, "time(interval)", "time");
        onLiterals(agreement, "time(timetz)", "time");
        onLiterals(agreement, "interval(time)", "interval");
        onLiterals(agreement, "timetz(time)", "timetz");
        onLiterals(agreement, "timetz(timestamptz)", "timetz");
        onLiterals(agreement, "timestamp(date,time)", "timestamp");
        onLiterals(agreement, "timestamptz(date,timetz)", "timestamptz");
        onLiterals(agreement, "datetimetz_pl(date,timetz)", "timestamptz");
        onLiterals(agreement, "timetzdate_pl(timetz,date)", "timestamptz");
        onLiterals(agreement, "timetz_pl_interval(timetz,interval)", "timetz");
        onLiterals(agreement, "timetz_mi_interval(timetz,interval)", "timetz");
        agreement.holds(0.001);
    }

    @Test
    void keepToTypeModifiersAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        List<String> digits = List.of("0", "1", "3", "5", "6", "-1");
        for (String type : List.of("time", "timetz", "timestamp", "timestamptz")) {
            agreement.calls(type + "(" + type + ",int4)", ">" + type, CALLS, List.of(Literals.of(type), digits));
        }
        List<String> modifiers = new ArrayList<>(List.of("-1"));
        for (int fields : new int[] {
            4,
            2,
            8,
            1024,
            2048,
            4096,
            6,
            8 + 1024,
            8 + 1024 + 2048,
            8 + 1024 + 2048 + 4096,
            1024 + 2048,
            7168,
            6144,
            0x7FFF
        }) {
            for (int precision : new int[] {0, 2, 6, 0xFFFF}) {
                modifiers.add(String.valueOf(fields << 16 | precision));
            }
        }
        agreement.calls("interval(interval,int4)", ">interval", 5 * CALLS, List.of(Literals.of("interval"), modifiers));
        agreement.holds(0.02);
    }

    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "australia/lord_howe",
            "Asia/Kolkata",
            "PST",
            "est",
            "Z",
            "+3",
            "-03:30",
            "UTC+3",
            "UTC-2:15",
            "XYZ5",
            "FOO-05:30:15",
            "Etc/GMT+5",
            "EST5EDT",
            "Nowhere/Land",
            "",
            "5",
            "UTC+99");

    @Test
    void moveBetweenZonesAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        List<String> local = new ArrayList<>(Literals.of("timestamp"));
        for (int day = 1; day < 366; day++) {
            local.add("2024-%02d-%02d %02d:30:00".formatted(1 + day % 12, 1 + day % 28, day % 24));
            local.add("1999-%02d-%02d %02d:00:00".formatted(1 + day % 12, 1 + day % 28, day % 24));
        }
        for (String change : List.of("2024-03-31 0", "2024-10-27 0", "2024-03-10 0", "2024-11-03 0", "2024-04-07 0")) {
            for (String time : List.of("1:30:00", "2:00:00", "2:15:00", "2:30:00", "3:00:00", "1:00:00", "0:30:00")) {
                local.add(change + time);
            }
        }
        List<String> instants = local.stream().map(DateTimeRoutinesTest::inUtc).toList();
        agreement.calls("timezone(text,timestamp)", ">timestamptz", 4000, List.of(ZONES, local));
        agreement.calls("timezone(text,timestamptz)", ">timestamp", 4000, List.of(ZONES, instants));
        List<String> offsets = List.of("3 hours", "-02:30", "00:00:01.5", "1 day", "0", "-14:00:00.9", "1 mon");
        agreement.calls("timezone(interval,timestamp)", ">timestamptz", CALLS, List.of(offsets, local));
        agreement.calls("timezone(interval,timestamptz)", ">timestamp", CALLS, List.of(offsets, instants));
        agreement.calls("timezone(interval,timetz)", ">timetz", CALLS, List.of(offsets, Literals.of("timetz")));
        List<String> fields = List.of("day", "hour", "week", "month", "year", "minute", "second");
        agreement.calls("date_trunc(text,timestamptz,text)", ">timestamptz", 4000, List.of(fields, instants, ZONES));
        agreement.holds(0.2);
    }

    private static String inUtc(String timestamp) {
        return timestamp.endsWith("infinity")
                ? timestamp
                : timestamp.endsWith(" BC") ? timestamp.replace(" BC", "+00 BC") : timestamp + "+00";
    }

    private static final List<String> FIELDS = List.of(
            "us",
            "microseconds",
            "MSECS",
            "millisecond",
            "second",
            "min",
            "hour",
            "day",
            "week",
            "month",
            "mon",
            "quarter",
            "Year",
            "decade",
            "century",
            "millennium",
            "julian",
            "isoyear",
            "dow",
            "isodow",
            "doy",
            "epoch",
            "timezone",
            "timezone_hour",
            "timezone_minute",
            "fortnight",
            "");

    @Test
    void tellTheirPartsAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        for (String type : List.of("date", "timestamp", "timestamptz", "time", "timetz", "interval")) {
            agreement.calls("extract(text," + type + ")", ">numeric", 4 * CALLS, List.of(FIELDS, Literals.of(type)));
            agreement.calls("date_part(text," + type + ")", ">float8", 4 * CALLS, List.of(FIELDS, Literals.of(type)));
        }
        agreement.holds(0.02);
    }

    @Test
    void areTruncatedAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        for (String type : List.of("timestamp", "timestamptz", "interval")) {
            agreement.calls("date_trunc(text," + type + ")", ">" + type, 5 * CALLS, List.of(FIELDS, Literals.of(type)));
        }
        List<String> strides = List.of(
                "1 day",
                "15 minutes",
                "1 us",
                "7 days 00:00:01",
                "0",
                "-1 day",
                "1 mon",
                "1000000 days",
                "1 day -24:00");
        for (String type : List.of("timestamp", "timestamptz")) {
            agreement.calls(
                    "date_bin(interval," + type + "," + type + ")",
                    ">" + type,
                    2 * CALLS,
                    List.of(strides, Literals.of(type), Literals.of(type)));
            onLiterals(agreement, "age(" + type + "," + type + ")", "interval");
            onLiterals(agreement, "isfinite(" + type + ")", "bool");
        }
        onLiterals(agreement, "isfinite(date)", "bool");
        onLiterals(agreement, "isfinite(interval)", "bool");
        agreement.holds(0.06);
    }

    @Test
    void areWrittenByPatternsAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        List<String> patterns = List.of(
                "YYYY-MM",
                "YYYYMMDD",
                "yyyy-mm-dd hh24:mi:ss",
                "DD/MM/YYYY",
                "HH24MISS",
                "MMMI",
                "MISS",
                "",
                " - ",
                "MM",
                "YYYY",
                "[YYYY] (MM)",
                "SS.",
                "YYYY_MM",
                "DD,MM;HH24|MI!");
        List<String> refused = List.of("Mon", "YYYYY", "DDDD", "SSSS", "MMth", "FMMM", "\"at\" HH24", "HH12", "x");
        for (String type : List.of("timestamp", "timestamptz")) {
            agreement.calls("to_char(" + type + ",text)", ">text", CALLS, List.of(Literals.of(type), patterns));
            agreement.calls("to_char(" + type + ",text)", ">text", 40, List.of(Literals.of(type), refused));
        }
        agreement.holds(0.25);
    }

    @Test
    void areMadeAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        List<String> years =
                List.of("2024", "2023", "1", "0", "-1", "-44", "-4713", "-4714", "294276", "300000", "6000000");
        List<String> months = List.of("1", "2", "11", "12", "0", "13", "-1");
        List<String> days = List.of("1", "24", "28", "29", "30", "31", "0", "32", "-1");
        List<String> hours = List.of("0", "10", "23", "24", "25", "-1");
        List<String> minutes = List.of("0", "30", "59", "60", "-1");
        List<String> seconds =
                List.of("0", "1.5", "59.9999994", "59.9999996", "60", "61", "-0.0000001", "-1", "NaN", "1e300");
        agreement.calls("make_date(int4,int4,int4)", ">date", 2 * CALLS, List.of(years, months, days));
        agreement.calls("make_time(int4,int4,float8)", ">time", CALLS, List.of(hours, minutes, seconds));
        for (String type : List.of("timestamp", "timestamptz")) {
            agreement.calls(
                    "make_" + type + "(int4,int4,int4,int4,int4,float8)",
                    ">" + type,
                    3 * CALLS,
                    List.of(
                            years,
                            months.subList(0, 4),
                            days.subList(0, 4),
                            hours.subList(0, 4),
                            minutes.subList(0, 3),
                            seconds.subList(0, 5)));
        }
        List<String> ints = Literals.of("int4");
        agreement.calls(
                "make_interval(int4,int4,int4,int4,int4,int4,float8)",
                ">interval",
                2 * CALLS,
                List.of(years, ints, months, ints, hours, ints, Literals.of("float8")));
        onLiterals(agreement, "to_timestamp(float8)", "timestamptz");
        agreement.calls(
                "to_timestamp(float8)",
                ">timestamptz",
                CALLS,
                List.of(List.of(
                        "1700000000",
                        "1700000000.123457",
                        "-62135596800.5",
                        "9224318016000",
                        "9224318015999.9",
                        "-210866803200",
                        "-210866803200.1",
                        "1e17")));
        agreement.holds(0.1);
    }

    @Test
    void overlapAsPostgres() {
        RoutineAgreement agreement = new RoutineAgreement();
        for (String type : List.of("time", "timestamp", "timestamptz")) {
            List<@Nullable String> points = few(type);
            List<@Nullable String> lengths = few("interval");
            for (String first : List.of(type, "interval")) {
                for (String second : List.of(type, "interval")) {
                    agreement.calls(
                            "overlaps(%s,%s,%s,%s)".formatted(type, first, type, second),
                            ">bool",
                            CALLS,
                            List.of(
                                    points,
                                    first.equals(type) ? points : lengths,
                                    points,
                                    second.equals(type) ? points : lengths));
                }
            }
        }
        List<@Nullable String> times = few("timetz");
        agreement.calls("overlaps(timetz,timetz,timetz,timetz)", ">bool", CALLS, List.of(times, times, times, times));
        agreement.holds(0);
    }

    private static List<@Nullable String> few(String type) {
        List<@Nullable String> some = new ArrayList<>(Literals.of(type).subList(0, 12));
        some.add(null);
        return some;
    }
}
