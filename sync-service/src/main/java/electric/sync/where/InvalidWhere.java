package electric.sync.where;

import java.util.Optional;

/** A clause that is no filter; the message is for the client who wrote it. */
public final class InvalidWhere extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final int position;

    private InvalidWhere(String message, String reason, int position) {
        super(message, null, false, false);
        this.reason = reason;
        this.position = position;
    }

    static InvalidWhere because(String reason) {
        return new InvalidWhere(reason, reason, -1);
    }

    /** @param position as the client is told it, which for errors of syntax is not the offset in the clause */
    static InvalidWhere at(int position, String reason) {
        return new InvalidWhere("At location " + position + ": " + reason, reason, position);
    }

    /** As the client is told it: with the location, where there is one. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The message without the location. */
    public String reason() {
        return reason;
    }

    public Optional<Integer> position() {
        return position < 0 ? Optional.empty() : Optional.of(position);
    }
}
