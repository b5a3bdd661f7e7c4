package electric.sync.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change of a committed transaction. */
public sealed interface Change {
    record Insert(Relation relation, Row row) implements Change {}

    /**
     * @param old the whole previous row, or {@code null} when the table's replica identity did not provide it
     * @param row the new row; unchanged out-of-line values are already filled in from {@code old}
     */
    record Update(Relation relation, @Nullable Row old, Row row) implements Change {}

    /** @param wholeRow whether {@code old} is the whole row rather than only its key */
    record Delete(Relation relation, Row old, boolean wholeRow) implements Change {}

    /** Every table emptied by one TRUNCATE, cascaded ones included. */
    record Truncate(List<Relation> relations) implements Change {
        public Truncate {
            relations = List.copyOf(relations);
        }
    }
}
