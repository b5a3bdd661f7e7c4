package electric.oracle.judge;

import java.util.List;
import java.util.Map;

/** All rows of a table, by the key that clients know them by. */
record TableRows(List<String> columns, Map<String, JudgedRow> rows) {}
