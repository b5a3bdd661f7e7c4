package electric.sync.where;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A clause that is no filter; the message is for the client who wrote it. */
public final class InvalidWhere extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final int prefix;
    private final int position;

    private InvalidWhere(String message, String reason, int prefix, int position) {
        super(message, null, false, false);
        this.reason = reason;
        this.prefix = prefix;
        this.position = position;
    }

    static InvalidWhere because(String reason) {
        return new InvalidWhere(reason, reason, 0, -1);
    }

    static InvalidWhere at(int position, String reason) {
        return at(0, position, reason);
    }

    /**
     * @param prefix how long the text is that clients are to imagine before the clause
     * @param position in the clause
     */
    static InvalidWhere at(int prefix, int position, String reason) {
        return new InvalidWhere("At location " + (prefix + position) + ": " + reason, reason, prefix, position);
    }

    /** The same with its position, which counts the characters of the clause, counting their bytes in UTF-8. */
    InvalidWhere inBytesOf(String clause) {
        if (position < 0) {
            return this;
        }
        int before = clause.offsetByCodePoints(0, Math.min(position, clause.codePointCount(0, clause.length())));
        return at(prefix, clause.substring(0, before).getBytes(StandardCharsets.UTF_8).length, reason);
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
        return position < 0 ? Optional.empty() : Optional.of(prefix + position);
    }
}
