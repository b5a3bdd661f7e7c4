package electric.sync.where;

import electric.sync.value.ArrayValue;
import electric.sync.value.Float4;
import electric.sync.value.Float8;
import electric.sync.value.Int;
import electric.sync.value.Json;
import electric.sync.value.Jsonb;
import electric.sync.value.NotExact;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Functions of jsonb and json. */
final class JsonRoutines {
    private JsonRoutines() {}

    static void addTo(Implementations all) {
        parts(all);
        tests(all);
        changes(all);
        casts(all);
        json(all);
    }

    private static void parts(Implementations all) {
        all.two("jsonb_object_field(jsonb,text)", Jsonb::field);
        all.two("jsonb_array_element(jsonb,int4)", Jsonb::element);
        all.two("jsonb_object_field_text(jsonb,text)", (Jsonb json, String key) -> text(json.field(key)));
        all.two("jsonb_array_element_text(jsonb,int4)", (Jsonb json, Long index) -> text(json.element(index)));
        all.body("jsonb_extract_path(jsonb,text[])", of -> ((Jsonb) of[0]).at(path(of)));
        all.body("jsonb_extract_path_text(jsonb,text[])", of -> text(((Jsonb) of[0]).at(path(of))));
        all.one("jsonb_typeof(jsonb)", Jsonb::kind);
        all.one("jsonb_array_length(jsonb)", Jsonb::arrayLength);
    }

    /** An array behind an operator, or the steps one by one. */
    @SuppressWarnings("unchecked")
    private static List<@Nullable String> path(@Nullable Object[] of) {
        if (of[1] instanceof ArrayValue<?> array) {
            return ((ArrayValue<String>) array).elements();
        }
        return Stream.of(of)
                .skip(1)
                .<@Nullable String>map(step -> (String) step)
                .toList();
    }

    private static @Nullable String text(@Nullable Jsonb part) {
        return part == null ? null : part.text();
    }

    private static void tests(Implementations all) {
        all.two("jsonb_contains(jsonb,jsonb)", Jsonb::contains);
        all.two("jsonb_contained(jsonb,jsonb)", (Jsonb json, Jsonb other) -> other.contains(json));
        all.two("jsonb_exists(jsonb,text)", Jsonb::has);
        all.two(
                "jsonb_exists_any(jsonb,text[])",
                (Jsonb json, ArrayValue<String> keys) -> known(keys).stream().anyMatch(json::has));
        all.two(
                "jsonb_exists_all(jsonb,text[])",
                (Jsonb json, ArrayValue<String> keys) -> known(keys).stream().allMatch(json::has));
    }

    /** Without NULLs. */
    private static List<String> known(ArrayValue<String> keys) {
        return keys.elements().stream()
                .<String>mapMulti((key, known) -> {
                    if (key != null) {
                        known.accept(key);
                    }
                })
                .toList();
    }

    private static void changes(Implementations all) {
        all.two("jsonb_concat(jsonb,jsonb)", Jsonb::concatenate);
        all.two("jsonb_delete(jsonb,text)", (Jsonb json, String key) -> json.without(key));
        all.two("jsonb_delete(jsonb,int4)", (Jsonb json, Long index) -> json.without(index));
        all.bound("jsonb_delete(jsonb,text[])", use -> {
            if (!(use.parameters().get(1) instanceof Type.Array)) {
                throw new NotExact("keys to delete one by one");
            }
            return Implementations.strict((Jsonb json, ArrayValue<String> keys) -> json.without(keys));
        });
        all.two("jsonb_delete_path(jsonb,text[])", Jsonb::withoutPath);
        all.one("jsonb_strip_nulls(jsonb)", Jsonb::withoutNullFields);
    }

    private static void casts(Implementations all) {
        all.one("bool(jsonb)", Jsonb::toBool);
        all.one("numeric(jsonb)", (Jsonb json) -> json.toNumeric("numeric"));
        all.one("int2(jsonb)", (Jsonb json) -> Int.INT2.from(json.toNumeric("smallint")));
        all.one("int4(jsonb)", (Jsonb json) -> Int.INT4.from(json.toNumeric("integer")));
        all.one("int8(jsonb)", (Jsonb json) -> Int.INT8.from(json.toNumeric("bigint")));
        all.one("float4(jsonb)", (Jsonb json) -> Float4.from(json.toNumeric("real")));
        all.one("float8(jsonb)", (Jsonb json) -> Float8.from(json.toNumeric("double precision")));
    }

    private static void json(Implementations all) {
        all.two("json_object_field(json,text)", Json::field);
        all.two("json_array_element(json,int4)", Json::element);
        all.two("json_object_field_text(json,text)", (Json json, String key) -> text(json.field(key)));
        all.two("json_array_element_text(json,int4)", (Json json, Long index) -> text(json.element(index)));
        all.body("json_extract_path(json,text[])", of -> ((Json) of[0]).at(path(of)));
        all.body("json_extract_path_text(json,text[])", of -> text(((Json) of[0]).at(path(of))));
        all.one("json_typeof(json)", Json::kind);
        all.one("json_array_length(json)", Json::arrayLength);
    }

    private static @Nullable String text(@Nullable Json part) {
        return part == null ? null : part.text();
    }
}
