package electric.sync.where;

import java.util.List;
import java.util.stream.Stream;
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
}
