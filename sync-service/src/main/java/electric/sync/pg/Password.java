package electric.sync.pg;

/** A password of a database user. Only {@link #reveal} gives it away; every other way of looking at it shows a placeholder. */
public record Password(String reveal) {
    @Override
    public String toString() {
        return "[hidden]";
    }
}
