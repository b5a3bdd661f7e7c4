package electric.sync.where;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** WHERE-084 to WHERE-094. */
final class ArrayRoutinesTest {
    private static final int CALLS = 150;

    private static final List<String> ARRAYS = List.of(
            "{}",
            "{1}",
            "{1,2,3}",
            "{3,2,1,2}",
            "{NULL}",
            "{1,NULL,2}",
            "{{1,2},{3,4}}",
            "{{1},{2}}",
            "{{1,2}}",
            "{{1,NULL}}",
            "{{{1}}}",
            "[0:1]={1,2}",
            "[-2:0]={3,1,NULL}",
            "[5:6]={2,2}",
            "[2:3][0:1]={{1,2},{3,1}}",
            "{{{1,2},{3,4}},{{1,2},{3,4}}}");
    private static final List<String> ELEMENTS = List.of("1", "2", "3", "9");

    private static List<@Nullable String> orNull(List<String> some) {
        List<@Nullable String> all = new ArrayList<>(some);
        all.add(null);
        return all;
    }

    private final RoutineAgreement agreement = new RoutineAgreement();

    @Test
    void containAndOverlapAsPostgres() {
        for (String type : List.of("int4[]", "text[]", "numeric[]", "float8[]")) {
            for (String name : List.of("arraycontains", "arraycontained", "arrayoverlap")) {
                agreement.calls(
                        name + "(anyarray,anyarray)", type + "," + type + ">bool", CALLS, List.of(ARRAYS, ARRAYS));
            }
        }
        List<String> numbers = List.of("{1.0,NaN}", "{1,-0}", "{0.00}", "{NaN}", "{Infinity,1.000}");
        for (String type : List.of("numeric[]", "float8[]")) {
            agreement.calls(
                    "arraycontains(anyarray,anyarray)", type + "," + type + ">bool", CALLS, List.of(numbers, numbers));
        }
        agreement.holds(0);
    }

    @Test
    void ofManyElementsContainAndOverlapAsPostgres() {
        List<String> arrays = new ArrayList<>();
        for (int step : new int[] {1, 2, 3, 7}) {
            StringBuilder text = new StringBuilder("{NULL");
            for (int i = 0; i < 150; i++) {
                text.append(',').append(i * step).append(i % 3 == 0 ? ".0" : "");
            }
            arrays.add(text.append('}').toString());
            arrays.add(text.toString().replace("{NULL,", "{"));
        }
        for (String name : List.of("arraycontains", "arraycontained", "arrayoverlap")) {
            agreement.calls(name + "(anyarray,anyarray)", "numeric[],numeric[]>bool", 60, List.of(arrays, arrays));
        }
        agreement.holds(0);
    }

    @Test
    void concatenateAsPostgresAlsoWithNull() {
        for (String type : List.of("int4", "text")) {
            String array = type + "[]";
            agreement
                    .calls(
                            "array_cat(anycompatiblearray,anycompatiblearray)",
                            array + "," + array + ">" + array,
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ARRAYS)))
                    .calls(
                            "array_append(anycompatiblearray,anycompatible)",
                            array + "," + type + ">" + array,
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS)))
                    .calls(
                            "array_prepend(anycompatible,anycompatiblearray)",
                            type + "," + array + ">" + array,
                            CALLS,
                            List.of(orNull(ELEMENTS), orNull(ARRAYS)))
                    .calls(
                            "trim_array(anyarray,int4)",
                            array + ",int4>" + array,
                            CALLS,
                            List.of(ARRAYS, List.of("0", "1", "2", "3", "-1", "5")));
        }
        agreement.holds(0);
    }

    @Test
    void tellTheirShapeAsPostgres() {
        for (String array : ARRAYS) {
            agreement
                    .call("array_ndims(anyarray)", "int4[]>int4", List.of(array))
                    .call("array_dims(anyarray)", "int4[]>text", List.of(array))
                    .call("cardinality(anyarray)", "int4[]>int4", List.of(array));
            for (String name : List.of("array_length", "array_lower", "array_upper")) {
                for (String dimension : List.of("0", "1", "2", "3", "-1", "2147483647", "-2147483648")) {
                    agreement.call(name + "(anyarray,int4)", "int4[],int4>int4", List.of(array, dimension));
                }
            }
        }
        agreement.holds(0);
    }

    @Test
    void areSearchedAsPostgres() {
        for (String type : List.of("int4", "text")) {
            String array = type + "[]";
            agreement
                    .calls(
                            "array_position(anycompatiblearray,anycompatible)",
                            array + "," + type + ">int4",
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS)))
                    .calls(
                            "array_position(anycompatiblearray,anycompatible,int4)",
                            array + "," + type + ",int4>int4",
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS), List.of("1", "2", "0", "-5", "9")))
                    .calls(
                            "array_positions(anycompatiblearray,anycompatible)",
                            array + "," + type + ">int4[]",
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS)))
                    .calls(
                            "array_remove(anycompatiblearray,anycompatible)",
                            array + "," + type + ">" + array,
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS)))
                    .calls(
                            "array_replace(anycompatiblearray,anycompatible,anycompatible)",
                            array + "," + type + "," + type + ">" + array,
                            CALLS,
                            List.of(orNull(ARRAYS), orNull(ELEMENTS), orNull(ELEMENTS)));
        }
        agreement.holds(0);
    }

    @Test
    void areJoinedAndSplitAsPostgres() {
        List<String> texts = List.of("{}", "{a,b}", "{\"\",NULL,\"x y\"}", "{{a,NULL},{\",\",d}}");
        List<String> separators = List.of(",", "", "--", ".");
        agreement
                .calls("array_to_string(anyarray,text)", "text[],text>text", CALLS, List.of(texts, separators))
                .calls(
                        "array_to_string(anyarray,text,text)",
                        "text[],text,text>text",
                        CALLS,
                        List.of(orNull(texts), orNull(separators), orNull(List.of("*", ""))))
                .call("array_to_string(anyarray,text)", "bool[],text>text", List.of("{t,f}", ","))
                .call("array_to_string(anyarray,text)", "float8[],text>text", List.of("{1.5,-0,NaN}", ","))
                .call("array_to_string(anyarray,text)", "timestamptz[],text>text", List.of("{2024-01-01}", ","));
        List<String> joined = List.of("", "a", "a,b", ",", "a,,b", "a--b-c", "été.é", "😀a", "..");
        agreement
                .calls("string_to_array(text,text)", ">text[]", CALLS, List.of(orNull(joined), orNull(separators)))
                .calls(
                        "string_to_array(text,text,text)",
                        ">text[]",
                        CALLS,
                        List.of(orNull(joined), orNull(separators), orNull(List.of("a", ""))));
        agreement.holds(0);
    }
}
