package electric.oracle.scenario;

import java.util.List;
import java.util.stream.Stream;

/** What the views of several clients have to be to each other after every commit, whatever the rows are. */
public sealed interface Law {
    /** The clients whose views it is about. */
    List<String> clients();

    /** The parts have no row in common, and together those of the whole. */
    record Partition(String whole, List<String> parts) implements Law {
        public Partition {
            parts = List.copyOf(parts);
        }

        @Override
        public List<String> clients() {
            return Stream.concat(Stream.of(whole), parts.stream()).toList();
        }

        @Override
        public String toString() {
            return String.join(" and ", parts) + " are parts of " + whole;
        }
    }

    /** The sums of columns of numbers are as high on both sides. */
    record Balance(List<Sum> left, List<Sum> right) implements Law {
        public Balance {
            left = List.copyOf(left);
            right = List.copyOf(right);
        }

        @Override
        public List<String> clients() {
            return Stream.concat(left.stream(), right.stream()).map(Sum::client).toList();
        }

        @Override
        public String toString() {
            return left + " is as much as " + right;
        }
    }

    /** A column of a client's view, added up. */
    record Sum(String client, String column) {
        @Override
        public String toString() {
            return "sum(" + column + ") of " + client;
        }
    }
}
