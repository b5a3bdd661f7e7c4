package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.value.CaseMapping;
import electric.sync.value.TimeZones;

/** What the database's machine says of letters and clocks, and nobody else can be sure of. */
@FunctionalInterface
public interface DatabaseLocale {
    /** How letters change case under a collation; may ask the database. */
    CaseMapping casing(Collation collation);

    /** What clocks in a zone show; may ask the database. */
    default TimeZones.Zone zone(String name) {
        return TimeZones.zone(name);
    }
}
