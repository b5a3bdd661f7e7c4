package electric.sync.pg;

import java.sql.SQLException;

/** The publication is not what replication needs, and we may not change it: an operator must. */
public final class PublicationUnusable extends SQLException {
    private static final long serialVersionUID = 1L;

    PublicationUnusable(String message) {
        super(message);
    }
}
