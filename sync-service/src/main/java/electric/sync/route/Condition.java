package electric.sync.route;

import electric.sync.value.CaseMapping;
import electric.sync.value.PgType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on a row that an index can answer. A row for which it does not hold does not belong to the filter. */
sealed interface Condition {
    /** Holds for no row. */
    Condition NEVER = new AnyOf(List.of());

    /** How many entries it has in the indexes. */
    int entries();

    /** Less for those that are likely to hold for fewer rows. */
    int rank();

    /** What one index can answer: it holds behind each of its keys there. */
    sealed interface Indexed extends Condition {
        List<?> keys();

        Index newIndex();

        @Override
        default int entries() {
            return keys().size();
        }
    }

    /** The value is one of these. */
    record Equal(Axis axis, List<Object> keys) implements Indexed {
        public Equal {
            keys = List.copyOf(keys);
        }

        @Override
        public Index newIndex() {
            return new EqualIndex(axis);
        }

        @Override
        public int rank() {
            return axis.kind() == Axis.Kind.BOOL ? 6 : keys.size() == 1 ? 0 : 2;
        }
    }

    /** The value is in this range. */
    record Within(Axis axis, Range range) implements Indexed {
        @Override
        public List<?> keys() {
            return List.of(range);
        }

        @Override
        public Index newIndex() {
            return new RangeIndex(axis);
        }

        @Override
        public int rank() {
            return range.isBounded() ? 3 : 7;
        }
    }

    /** The value is NULL. */
    record Null(int column) implements Indexed {
        @Override
        public List<?> keys() {
            return List.of(column);
        }

        @Override
        public Index newIndex() {
            return new NullIndex(column);
        }

        @Override
        public int rank() {
            return 5;
        }
    }

    /** The value is an array, and this is among its elements. */
    record Holds(int column, PgType<Object> type, Object element) implements Indexed {
        @Override
        public List<?> keys() {
            return List.of(element);
        }

        @Override
        public Index newIndex() {
            return new ElementIndex(column, type);
        }

        @Override
        public int rank() {
            return 1;
        }
    }

    /**
     * The text has these bytes in it somewhere.
     *
     * @param casing by which its letters are made small before it is looked at; {@code null} for as it is
     * @param keys one
     */
    record HasPart(int column, @Nullable CaseMapping casing, List<byte[]> keys) implements Indexed {
        /** Longer ones are cut: every length that occurs is a way over the text. */
        private static final int LONGEST = 32;

        /** Shorter ones are in many texts. */
        private static final int TELLING = 3;

        static HasPart of(int column, @Nullable CaseMapping casing, byte[] part) {
            return new HasPart(column, casing, List.of(Arrays.copyOf(part, Math.min(part.length, LONGEST))));
        }

        @Override
        public Index newIndex() {
            return new PartIndex(column, casing);
        }

        @Override
        public int rank() {
            return keys.getFirst().length < TELLING ? 7 : 4;
        }
    }

    /** All conditions of one of these lists hold; none of the lists is empty. */
    record AnyOf(List<List<Condition>> branches) implements Condition {
        public AnyOf {
            branches = List.copyOf(branches);
        }

        @Override
        public int entries() {
            return branches.stream()
                    .mapToInt(branch ->
                            branch.stream().mapToInt(Condition::entries).max().orElse(1))
                    .sum();
        }

        /** That of the branch that holds for most rows. */
        @Override
        public int rank() {
            return branches.stream()
                    .mapToInt(branch ->
                            branch.stream().mapToInt(Condition::rank).min().orElse(0))
                    .max()
                    .orElse(-1);
        }
    }
}
