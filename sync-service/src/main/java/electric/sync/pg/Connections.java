package electric.sync.pg;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a connection can be borrowed; closing it gives it back. */
@FunctionalInterface
public interface Connections {
    Connection connection() throws SQLException;
}
