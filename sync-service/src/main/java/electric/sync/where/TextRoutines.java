package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.value.Bool;
import electric.sync.value.CaseMapping;
import electric.sync.value.Characters;
import electric.sync.value.Letters;
import electric.sync.value.NotExact;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.where.Routines.Implementation;
import electric.sync.where.Routines.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Text in all its types. */
final class TextRoutines {
    private final Implementations all;

    private TextRoutines(Implementations all) {
        this.all = all;
    }

    static void addTo(Implementations all) {
        TextRoutines texts = new TextRoutines(all);
        texts.lengths();
        texts.parts();
        texts.blanks();
        texts.searches();
        texts.letters();
        texts.joining();
        texts.casts();
        texts.byteOrder();
    }

    private void lengths() {
        for (String name : List.of("length", "char_length", "character_length")) {
            all.one(name + "(text)", Characters::length);
            all.<String, Object>one(name + "(bpchar)", text -> Characters.length(Text.trim(text)));
        }
        all.one("textlen(text)", Characters::length);
        all.<String, Object>one("octet_length(text)", text -> (long) Text.utf8(text).length);
        all.<String, Object>one("octet_length(bpchar)", text -> (long) Text.utf8(text).length);
        all.<String, Object>one("bit_length(text)", text -> Text.utf8(text).length * 8L);
    }

    private void parts() {
        for (String name : List.of("substring", "substr")) {
            all.<String, Long, Object>two(name + "(text,int4)", Characters::substring);
            all.<String, Long, Long, Object>three(name + "(text,int4,int4)", Characters::substring);
        }
        all.two("left(text,int4)", Characters::left);
        all.two("right(text,int4)", Characters::right);
        all.two("repeat(text,int4)", Characters::repeat);
        all.one("reverse(text)", Characters::reverse);
        all.three("translate(text,text,text)", Characters::translate);
        all.four("overlay(text,text,int4,int4)", Characters::overlay);
        all.<String, String, Long, Object>three(
                "overlay(text,text,int4)",
                (text, part, start) -> Characters.overlay(text, part, start, Characters.length(part)));
        all.one("ascii(text)", Characters::code);
        all.<Long, Object>one("chr(int4)", Characters::ofCode);
        all.one("quote_literal(text)", Characters::quoted);
        all.two("like_escape(text,text)", Characters::likeEscape);
    }

    private void blanks() {
        trimming("btrim", Characters::trim);
        trimming("ltrim", Characters::trimLeft);
        trimming("rtrim", Characters::trimRight);
        padding("lpad", Characters::padLeft);
        padding("rpad", Characters::padRight);
    }

    private void trimming(String name, BiFunction<String, String, String> trim) {
        all.<String, Object>one(name + "(text)", text -> trim.apply(text, " "));
        all.<String, String, Object>two(name + "(text,text)", trim::apply);
    }

    private void padding(String name, Implementations.Ternary<String, Long, String, String> pad) {
        all.<String, Long, Object>two(name + "(text,int4)", (text, length) -> pad.apply(text, length, " "));
        all.three(name + "(text,int4,text)", pad);
    }

    private void searches() {
        for (String name : List.of("strpos", "position")) {
            all.bound(
                    name + "(text,text)",
                    bytewise(Implementations.<String, String, Object>strict(Characters::position)));
        }
        all.bound(
                "starts_with(text,text)", bytewise(Implementations.<String, String, Object>strict(String::startsWith)));
        all.bound(
                "replace(text,text,text)",
                bytewise(Implementations.<String, String, String, Object>strict(Characters::replace)));
        all.bound(
                "split_part(text,text,int4)",
                bytewise(Implementations.<String, String, Long, Object>strict(Characters::field)));
    }

    /** What compares characters does so byte by byte, unless the collation has different texts that are equal. */
    private static Implementation bytewise(Routine.Body searching) {
        return use -> {
            if (use.collation() != null && !use.collation().deterministic()) {
                throw new NotExact("searching in a collation that is not deterministic");
            }
            return searching;
        };
    }

    private void letters() {
        all.bound("lower(text)", casing(mapping -> mapping::lower));
        all.bound("upper(text)", casing(mapping -> mapping::upper));
        all.bound("initcap(text)", use -> {
            Letters letters = lettersOf(use);
            if (letters.rules() == Letters.Rules.ICU || isBuiltIn(use.collation())) {
                throw new NotExact("initcap in a collation that is neither C nor a C library's");
            }
            return Implementations.<String, Object>strict(letters::capitalized);
        });
    }

    private static boolean isBuiltIn(@Nullable Collation collation) {
        return collation != null && collation.provider() == Collation.Provider.BUILTIN && !collation.asciiCase();
    }

    /** In a collation that is not known, what is certain in all. */
    static Letters lettersOf(Use use) {
        Collation collation = use.collation();
        if (collation == null) {
            return Letters.ICU;
        }
        if (collation.asciiCase()) {
            return Letters.ASCII;
        }
        return switch (collation.provider()) {
            case LIBC -> Letters.libc(use.locale().casing(collation));
            case BUILTIN -> collation.bytewise() ? Letters.libc(use.locale().casing(collation)) : Letters.ICU;
            case ICU -> Letters.ICU;
        };
    }

    private static Implementation casing(Function<CaseMapping, Function<String, Object>> change) {
        return use -> {
            Collation collation = use.collation();
            if (collation == null) {
                throw new NotExact("changing the case of letters without a collation");
            }
            return Implementations.strict(change.apply(use.locale().casing(collation)));
        };
    }

    private void joining() {
        all.<String, String, Object>two("textcat(text,text)", (a, b) -> a + b);
        all.bound("textanycat(text,anynonarray)", use -> {
            Function<Object, String> cast = asText(use.parameters().get(1));
            return Implementations.strict((String a, Object b) -> a + cast.apply(b));
        });
        all.bound("anytextcat(anynonarray,text)", use -> {
            Function<Object, String> cast = asText(use.parameters().get(0));
            return Implementations.strict((Object a, String b) -> cast.apply(a) + b);
        });
        all.bound("concat(any)", use -> {
            List<Function<Object, String>> outputs = outputs(use, 0);
            return arguments -> joined(arguments, 0, "", outputs);
        });
        all.bound("concat_ws(text,any)", use -> {
            List<Function<Object, String>> outputs = outputs(use, 1);
            return arguments -> {
                Object separator = arguments[0];
                return separator == null ? null : joined(arguments, 1, (String) separator, outputs);
            };
        });
        all.bound("quote_literal(anyelement)", use -> {
            Function<Object, String> cast = asText(use.parameters().get(0));
            return Implementations.strict((Object value) -> Characters.quoted(cast.apply(value)));
        });
        all.bound("num_nulls(any)", use -> arguments -> nulls(arguments));
        all.bound("num_nonnulls(any)", use -> arguments -> arguments.length - nulls(arguments));
    }

    private static String joined(
            @Nullable Object[] arguments, int from, String separator, List<Function<Object, String>> outputs) {
        List<String> parts = new ArrayList<>();
        for (int i = from; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument != null) {
                parts.add(outputs.get(i - from).apply(argument));
            }
        }
        return String.join(separator, parts);
    }

    private static long nulls(@Nullable Object[] arguments) {
        long count = 0;
        for (Object argument : arguments) {
            count += argument == null ? 1 : 0;
        }
        return count;
    }

    private static List<Function<Object, String>> outputs(Use use, int from) {
        return use.parameters().stream().skip(from).map(TextRoutines::output).toList();
    }

    /** As {@code ::text}, which differs from the output of the type for two of them. */
    private static Function<Object, String> asText(Type type) {
        return switch (type.name()) {
            case "bool" -> value -> Bool.print((Boolean) value);
            case "bpchar" -> value -> Text.trim((String) value);
            default -> output(type);
        };
    }

    private static Function<Object, String> output(Type type) {
        return switch (type) {
            case Type.Known known -> output(known.values());
            case Type.Enumerated labels -> output(labels.values());
            case Type.Array array -> output(array.values());
            case Type.RowOf row -> throw new NotExact("a row as text");
            case Type.Unknown unknown -> value -> (String) value;
            case Type.Opaque opaque -> throw new NotExact("a value of the type " + opaque.name() + " as text");
        };
    }

    @SuppressWarnings("unchecked")
    private static <V> Function<Object, String> output(PgType<V> values) {
        return value -> values.output((V) value);
    }

    private void casts() {
        all.<Boolean, Object>one("text(bool)", Bool::print);
        all.<String, Object>one("text(bpchar)", Text::trim);
        for (String cast : List.of("text(name)", "varchar(name)", "bpchar(name)")) {
            all.<String, Object>one(cast, text -> text);
        }
        for (String cast : List.of("name(text)", "name(varchar)")) {
            all.<String, Object>one(cast, Text::name);
        }
        all.<String, Object>one("name(bpchar)", text -> Text.trim(Text.name(text)));
        all.sized("varchar(varchar,int4,bool)", any -> true, Implementations.strict(Characters::varchar));
        all.sized("bpchar(bpchar,int4,bool)", any -> true, Implementations.strict(Characters::bpchar));
    }

    /** Comparisons by bytes whatever the collation. */
    private void byteOrder() {
        for (String type : List.of("text", "bpchar")) {
            PgType<String> values = type.equals("text") ? PgType.TEXT : PgType.BPCHAR;
            String types = "(" + type + "," + type + ")";
            all.<String, String, Object>two(type + "_pattern_lt" + types, (a, b) -> values.compare(a, b) < 0);
            all.<String, String, Object>two(type + "_pattern_le" + types, (a, b) -> values.compare(a, b) <= 0);
            all.<String, String, Object>two(type + "_pattern_gt" + types, (a, b) -> values.compare(a, b) > 0);
            all.<String, String, Object>two(type + "_pattern_ge" + types, (a, b) -> values.compare(a, b) >= 0);
        }
    }
}
