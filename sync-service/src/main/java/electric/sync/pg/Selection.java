package electric.sync.pg;

import electric.sync.change.RelationName;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which rows of a table are read, and what of them. Everything in SQL is of our own making, never a client's text.
 *
 * @param conditions that must all be true
 * @param order empty for none in particular
 * @param limit how many rows at most
 * @param offset how many rows of that order are left out at its beginning
 */
public record Selection(
        RelationName table,
        List<String> columns,
        List<String> conditions,
        String order,
        OptionalLong limit,
        OptionalLong offset) {
    public Selection {
        columns = List.copyOf(columns);
        conditions = List.copyOf(conditions);
    }

    /** All rows that meet the conditions, in no particular order. */
    public static Selection of(RelationName table, List<String> columns, List<String> conditions) {
        return new Selection(table, columns, conditions, "", OptionalLong.empty(), OptionalLong.empty());
    }

    String sql() {
        StringBuilder sql = new StringBuilder(256);
        for (String column : columns) {
            sql.append(sql.isEmpty() ? "SELECT " : ", ").append(RelationName.quote(column));
        }
        sql.append(" FROM ").append(table.quoted());
        String and = " WHERE (";
        for (String condition : conditions) {
            sql.append(and).append(condition).append(')');
            and = " AND (";
        }
        if (!order.isEmpty()) {
            sql.append(" ORDER BY ").append(order);
        }
        limit.ifPresent(most -> sql.append(" LIMIT ").append(most));
        offset.ifPresent(first -> sql.append(" OFFSET ").append(first));
        return sql.toString();
    }
}
