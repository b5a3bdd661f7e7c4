package electric.sync.where;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The extensions of jsonb and json. */
final class JsonRoutinesTest {
    private static final int CALLS = 600;

    private static final List<String> DOCUMENTS = List.of(
            "null",
            "true",
            "false",
            "1",
            "1.50",
            "-7",
            "2.5",
            "99999",
            "1e10",
            "1e400",
            "1e-400",
            "\"a\"",
            "\"\"",
            "\"x\\ny\"",
            "[]",
            "{}",
            "[1]",
            "[1,2,3]",
            "[\"a\",\"b\",null,\"a\"]",
            "[[1,2],[3,[4]],{\"a\":1}]",
            "[{\"a\":1},{\"b\":[1,2]},5]",
            "[[]]",
            "[{}]",
            "[null]",
            "{\"a\":1}",
            "{\"a\":1.0,\"b\":2}",
            "{\"a\":null}",
            "{\"a\":{\"b\":[1,2,{\"c\":\"deep\"}]},\"d\":[1,[2]]}",
            "{\"a\":[1,2,3],\"b\":\"text\",\"c\":{\"d\":true,\"e\":null}}",
            "{\"0\":\"zero\",\"-1\":\"minus\",\"\":\"empty\"}",
            "{\"a\": { \"b\" : [ 1 , 2 ] } , \"a\" : 5}",
            "{\"é\":\"ü\"}");
    private static final List<String> KEYS = List.of("a", "b", "", "0", "-1", "é", "x", "1");
    private static final List<String> INDICES =
            List.of("0", "1", "2", "-1", "-2", "-3", "-4", "9", "2147483647", "-2147483648");
    private static final List<String> PATHS = List.of(
            "{}",
            "{a}",
            "{a,b}",
            "{a,b,2}",
            "{a,b,2,c}",
            "{a,b,-1,c}",
            "{0}",
            "{-1}",
            "{ 1}",
            "{\" 1\"}",
            "{+1}",
            "{1x}",
            "{\"\"}",
            "{1,1}",
            "{0,a}",
            "{NULL}",
            "{a,NULL}",
            "{99999999999}",
            "{-2147483648}",
            "{c,d}",
            "{c,e,x}",
            "{{a,b},{c,d}}",
            "{x,NULL}");
    private static final List<String> KEY_LISTS =
            List.of("{}", "{a}", "{a,b}", "{x}", "{NULL}", "{a,NULL}", "{\"\",b}", "{{a},{b}}");

    private final RoutineAgreement agreement = new RoutineAgreement();

    @Test
    void arePartsAsPostgres() {
        for (String type : List.of("json", "jsonb")) {
            agreement
                    .calls(type + "_object_field(" + type + ",text)", ">" + type, CALLS, List.of(DOCUMENTS, KEYS))
                    .calls(type + "_object_field_text(" + type + ",text)", ">text", CALLS, List.of(DOCUMENTS, KEYS))
                    .calls(type + "_array_element(" + type + ",int4)", ">" + type, CALLS, List.of(DOCUMENTS, INDICES))
                    .calls(type + "_array_element_text(" + type + ",int4)", ">text", CALLS, List.of(DOCUMENTS, INDICES))
                    .calls(
                            type + "_extract_path(" + type + ",text[])",
                            ">" + type,
                            2 * CALLS,
                            List.of(DOCUMENTS, PATHS))
                    .calls(
                            type + "_extract_path_text(" + type + ",text[])",
                            ">text",
                            2 * CALLS,
                            List.of(DOCUMENTS, PATHS));
            for (String document : DOCUMENTS) {
                agreement
                        .call(type + "_typeof(" + type + ")", ">text", List.of(document))
                        .call(type + "_array_length(" + type + ")", ">int4", List.of(document));
            }
        }
        agreement.holds(0.005);
    }

    @Test
    void areTestedAsPostgres() {
        agreement
                .calls("jsonb_contains(jsonb,jsonb)", ">bool", 4 * CALLS, List.of(DOCUMENTS, DOCUMENTS))
                .calls("jsonb_contained(jsonb,jsonb)", ">bool", CALLS, List.of(DOCUMENTS, DOCUMENTS))
                .calls("jsonb_exists(jsonb,text)", ">bool", CALLS, List.of(DOCUMENTS, KEYS))
                .calls("jsonb_exists_any(jsonb,text[])", ">bool", CALLS, List.of(DOCUMENTS, KEY_LISTS))
                .calls("jsonb_exists_all(jsonb,text[])", ">bool", CALLS, List.of(DOCUMENTS, KEY_LISTS));
        agreement.holds(0);
    }

    @Test
    void areChangedAsPostgres() {
        agreement
                .calls("jsonb_concat(jsonb,jsonb)", ">jsonb", 2 * CALLS, List.of(DOCUMENTS, DOCUMENTS))
                .calls("jsonb_delete(jsonb,text)", ">jsonb", CALLS, List.of(DOCUMENTS, KEYS))
                .calls("jsonb_delete(jsonb,int4)", ">jsonb", CALLS, List.of(DOCUMENTS, INDICES))
                .calls("jsonb_delete(jsonb,text[])", ">jsonb", CALLS, List.of(DOCUMENTS, KEY_LISTS))
                .calls("jsonb_delete_path(jsonb,text[])", ">jsonb", 2 * CALLS, List.of(DOCUMENTS, PATHS));
        agreement.holds(0);
    }

    @Test
    void areCastAsPostgres() {
        for (String document : DOCUMENTS) {
            for (String type : List.of("bool", "numeric", "int2", "int4", "int8", "float4", "float8")) {
                agreement.call(type + "(jsonb)", ">" + type, List.of(document));
            }
        }
        agreement.holds(0.04);
    }
}
