package electric.sync.shape;

/** Whether the row of a change belongs to a shape. */
public sealed interface Membership {
    /** As it is for a shape without a filter. */
    Membership BOTH = new Known(true, true);

    Membership NEITHER = new Known(false, false);

    Membership BEFORE = new Known(true, false);
    Membership AFTER = new Known(false, true);

    /**
     * @param before whether the row belonged to it before the change; nothing of an insert
     * @param after whether it belongs to it now; nothing of a delete
     */
    record Known(boolean before, boolean after) implements Membership {}

    /** It cannot be said, and so the shape is over. */
    record Unknown(String why) implements Membership {}

    static Membership of(boolean before, boolean after) {
        return before ? (after ? BOTH : BEFORE) : (after ? AFTER : NEITHER);
    }
}
