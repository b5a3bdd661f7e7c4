package electric.sync.shape;

/** Where a shape is in its life. */
public sealed interface ShapeState {
    /** Its table is being published, its snapshot has not begun to return. */
    record Starting() implements ShapeState {}

    /** It can be read, and follows the stream. */
    record Following() implements ShapeState {}

    /** Its handle is over, for ever. */
    record Retired(String reason) implements ShapeState {}
}
