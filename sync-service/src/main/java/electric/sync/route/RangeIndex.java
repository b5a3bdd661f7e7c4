package electric.sync.route;

import electric.sync.where.RowValues;
import org.jspecify.annotations.Nullable;

/**
 * By the ranges that the value of a column is in.
 *
 * <p>A tree in the order of where the ranges begin, in which every node knows where the last of those below it ends; its
 * height stays logarithmic because each range has a random place in a second order, that of a heap (a treap). The same
 * ranges always make the same tree.
 */
final class RangeIndex implements Index {
    private static final class Tree extends Node {
        private final Range range;
        private final int priority;
        private @Nullable Tree left;
        private @Nullable Tree right;

        /** Where the last of the ranges from here on downwards ends. */
        private Range.Cut end;

        /** The same, where values are numbers: what is looked at on the way down is in one place. */
        private final long least;

        private final long greatest;
        private long greatestBelow;

        Tree(Range range, Axis axis) {
            this.range = range;
            this.priority = Axis.hash(range.hash(axis));
            this.end = range.to();
            this.least = axis.isNumber() ? range.least() : 0;
            this.greatest = axis.isNumber() ? range.greatest() : 0;
            this.greatestBelow = greatest;
        }
    }

    private final Axis axis;
    private @Nullable Tree root;

    RangeIndex(Axis axis) {
        this.axis = axis;
    }

    @Override
    public boolean answers(Condition.Indexed condition) {
        return condition instanceof Condition.Within within && within.axis().equals(axis);
    }

    @Override
    public @Nullable Node get(Object key) {
        Range range = (Range) key;
        Tree tree = root;
        while (tree != null) {
            int order = range.compareTo(tree.range, axis);
            if (order == 0) {
                return tree;
            }
            tree = order < 0 ? tree.left : tree.right;
        }
        return null;
    }

    @Override
    public Node make(Object key) {
        Node known = get(key);
        if (known != null) {
            return known;
        }
        Range range = (Range) key;
        Tree made = new Tree(range, axis);
        root = insert(root, made);
        return made;
    }

    @Override
    public void remove(Object key) {
        root = remove(root, (Range) key);
    }

    private Tree insert(@Nullable Tree tree, Tree made) {
        if (tree == null) {
            return made;
        }
        if (made.range.compareTo(tree.range, axis) < 0) {
            Tree left = insert(tree.left, made);
            tree.left = left;
            if (isAbove(left, tree)) {
                tree.left = left.right;
                left.right = ended(tree);
                return ended(left);
            }
        } else {
            Tree right = insert(tree.right, made);
            tree.right = right;
            if (isAbove(right, tree)) {
                tree.right = right.left;
                right.left = ended(tree);
                return ended(right);
            }
        }
        return ended(tree);
    }

    private boolean isAbove(Tree one, Tree other) {
        return one.priority == other.priority
                ? one.range.compareTo(other.range, axis) < 0
                : one.priority > other.priority;
    }

    private @Nullable Tree remove(@Nullable Tree tree, Range range) {
        if (tree == null) {
            return null;
        }
        int order = range.compareTo(tree.range, axis);
        if (order == 0) {
            return joined(tree.left, tree.right);
        }
        if (order < 0) {
            tree.left = remove(tree.left, range);
        } else {
            tree.right = remove(tree.right, range);
        }
        return ended(tree);
    }

    private @Nullable Tree joined(@Nullable Tree left, @Nullable Tree right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        if (isAbove(left, right)) {
            left.right = joined(left.right, right);
            return ended(left);
        }
        right.left = joined(left, right.left);
        return ended(right);
    }

    private Tree ended(Tree tree) {
        Range.Cut end = tree.range.to();
        if (tree.left != null && tree.left.end.compareTo(end, axis) > 0) {
            end = tree.left.end;
        }
        if (tree.right != null && tree.right.end.compareTo(end, axis) > 0) {
            end = tree.right.end;
        }
        tree.end = end;
        tree.greatestBelow = Math.max(
                tree.greatest,
                Math.max(
                        tree.left == null ? Long.MIN_VALUE : tree.left.greatestBelow,
                        tree.right == null ? Long.MIN_VALUE : tree.right.greatestBelow));
        return tree;
    }

    @Override
    public void find(RowValues row, Search search) {
        if (row.isNull(axis.column())) {
            return;
        }
        if (axis.isNumber()) {
            find(root, axis.number(row), row, search);
        } else {
            find(root, row, search);
        }
    }

    private void find(@Nullable Tree tree, RowValues row, Search search) {
        Tree at = tree;
        while (at != null && !at.end.isBefore(row, axis)) {
            find(at.left, row, search);
            if (!at.range.from().isBefore(row, axis)) {
                // All that are to the right begin later still.
                return;
            }
            if (!at.range.to().isBefore(row, axis)) {
                at.find(row, search);
            }
            at = at.right;
        }
    }

    private static void find(@Nullable Tree tree, long number, RowValues row, Search search) {
        Tree at = tree;
        while (at != null && at.greatestBelow >= number) {
            find(at.left, number, row, search);
            if (at.least > number) {
                return;
            }
            if (at.greatest >= number) {
                at.find(row, search);
            }
            at = at.right;
        }
    }

    @Override
    public boolean isEmpty() {
        return root == null;
    }
}
