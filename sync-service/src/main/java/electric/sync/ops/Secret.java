package electric.sync.ops;

/** What clients must know to read shapes. Only {@link #reveal} gives it away; every other look at it shows a placeholder. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "[hidden]";
    }
}
