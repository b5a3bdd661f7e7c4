package electric.sync.value;

import java.util.HashMap;
import java.util.Map;

/** What {@code extract} and {@code date_trunc} can be asked for. */
public enum DateTimeField {
    MICROSECOND("us usec usecond useconds usecs microsecond microseconds"),
    MILLISECOND("ms msec msecs mseconds millisecond milliseconds"),
    SECOND("s sec second seconds secs"),
    MINUTE("m min mins minute minutes"),
    HOUR("h hour hours hr hrs"),
    DAY("d day days"),
    WEEK("w week weeks"),
    MONTH("mon mons month months"),
    QUARTER("quarter"),
    YEAR("y year years yr yrs"),
    DECADE("dec decade decades decs"),
    CENTURY("c cent centuries century"),
    MILLENNIUM("mil millennia millennium mils"),
    JULIAN_DAY("julian"),
    ISO_YEAR("isoyear"),
    DAY_OF_WEEK("dow"),
    ISO_DAY_OF_WEEK("isodow"),
    DAY_OF_YEAR("doy"),
    EPOCH("epoch"),
    TIMEZONE("timezone"),
    TIMEZONE_HOUR("timezone_hour"),
    TIMEZONE_MINUTE("timezone_minute");

    private static final Map<String, DateTimeField> BY_NAME = byName();

    private final String names;

    DateTimeField(String names) {
        this.names = names;
    }

    private static Map<String, DateTimeField> byName() {
        Map<String, DateTimeField> byName = new HashMap<>();
        for (DateTimeField field : values()) {
            for (String name : field.names.split(" ", -1)) {
                byName.put(name, field);
            }
        }
        return Map.copyOf(byName);
    }

    /** By one of the names that every version of Postgres knows; those that only some understand are refused. */
    public static DateTimeField of(String name) {
        DateTimeField field = BY_NAME.get(Blanks.lower(name));
        if (field == null) {
            throw new NotExact("a field of a date or time that is not known here");
        }
        return field;
    }

    InvalidValue notSupported(String type) {
        return InvalidValue.of(
                "0A000", "unit \"" + names.substring(names.lastIndexOf(' ') + 1) + "\" not supported for type " + type);
    }
}
