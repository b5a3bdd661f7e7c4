package electric.sync.route;

import electric.sync.value.ArrayValue;
import electric.sync.value.Interval;
import electric.sync.value.Numeric;
import electric.sync.where.Filter;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an index is made of, in words: the same for equal ones, whatever the order in which they came to be. */
final class Structure {
    /** What only the last search left, or what has another order or size by history. */
    private static final Set<String> PASSING =
            Set.of("lastRow", "row", "change", "oldIn", "newIn", "failure", "places", "lastPlaces", "next");

    private Structure() {}

    static String of(@Nullable Object part) {
        return switch (part) {
            case null -> "-";
            case Number number -> part.getClass().getSimpleName() + number;
            case byte[] bytes -> Arrays.toString(bytes);
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Numeric numeric -> "numeric " + numeric.hashCode();
            case Interval interval -> "interval " + interval.hashCode();
            case ArrayValue<?> array -> "array " + array.hashCode();
            case Map<?, ?> map -> of(map.entrySet().stream().map(Structure::of).toList());
            case Map.Entry<?, ?> entry -> of(entry.getKey()) + ": " + of(entry.getValue());
            case Filter filter -> filter.form();
            case Enum<?> constant -> constant.name();
            case Group group ->
                "group " + (group.filter() == null ? "" : group.filter().form());
            case Bag<?> bag -> bag(bag) + fields(part);
            case Entries entries -> entries(entries);
            default -> fields(part);
        };
    }

    private static String bag(Bag<?> bag) {
        Set<String> elements = new HashSet<>();
        for (int i = 0; i < bag.size(); i++) {
            elements.add(of(bag.get(i)));
        }
        return elements.stream().sorted().toList().toString();
    }

    private static String entries(Entries entries) {
        List<String> all = new ArrayList<>();
        for (int hash = 0; hash < size(entries); hash++) {
            for (Entries.Entry entry = entries.first(hash); entry != null; entry = entry.next()) {
                all.add(of(entry.key()) + ": " + of((Object) entry));
            }
        }
        return all.stream().sorted().toList().toString();
    }

    private static int size(Entries entries) {
        try {
            Field table = Entries.class.getDeclaredField("table");
            table.setAccessible(true);
            return Array.getLength(table.get(entries));
        } catch (ReflectiveOperationException changed) {
            throw new LinkageError("the index is made of something else now", changed);
        }
    }

    private static String fields(Object part) {
        Class<?> type = part.getClass();
        if (part instanceof Collection<?> collection) {
            return collection.stream().map(Structure::of).sorted().toList().toString();
        }
        if (type.isArray()) {
            Set<String> elements = new HashSet<>();
            for (int i = 0; i < Array.getLength(part); i++) {
                elements.add(of(Array.get(part, i)));
            }
            return elements.stream().sorted().toList().toString();
        }
        if (!type.getPackageName().equals("electric.sync.route")) {
            return type.getSimpleName();
        }
        StringBuilder text = new StringBuilder(type.getSimpleName()).append('(');
        for (Field field : allFields(type)) {
            if (!Modifier.isStatic(field.getModifiers()) && !PASSING.contains(field.getName())) {
                field.setAccessible(true);
                try {
                    text.append(field.getName())
                            .append('=')
                            .append(of(field.get(part)))
                            .append(' ');
                } catch (IllegalAccessException impossible) {
                    throw new LinkageError("a field cannot be read", impossible);
                }
            }
        }
        return text.append(')').toString();
    }

    private static List<Field> allFields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Bag.class && at != Object.class; at = at.getSuperclass()) {
            fields.addAll(List.of(at.getDeclaredFields()));
        }
        return fields;
    }
}
