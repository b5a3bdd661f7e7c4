package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeDefinition.LogMode;
import electric.sync.shape.ShapeDefinition.Replica;
import electric.sync.where.Expr;
import electric.sync.where.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that say which shape is meant, before they are held against the table.
 *
 * @param table as written; {@code null} when none is named
 * @param columns {@code null} when none are named
 * @param queryableColumns what {@code columns} may name; {@code null} for all
 * @param where {@code null} for all rows
 * @param params the values of {@code $1}, {@code $2}, … as they were written; they mean nothing without a {@code where}
 */
record DefinitionParameters(
        @Nullable String table,
        @Nullable List<String> columns,
        @Nullable List<String> queryableColumns,
        Replica replica,
        LogMode mode,
        @Nullable String where,
        Map<String, String> params) {

    static DefinitionParameters cast(Casting casting) {
        casting.strictTruth("experimental_compaction", "experimental_compaction");
        return new DefinitionParameters(
                casting.text("table"),
                casting.identifiers("columns"),
                casting.identifiers("queryable_columns"),
                casting.oneOf("replica", Map.of("default", Replica.DEFAULT, "full", Replica.FULL), Replica.DEFAULT),
                casting.oneOf("log", Map.of("full", LogMode.FULL, "changes_only", LogMode.CHANGES_ONLY), LogMode.FULL),
                casting.text("where"),
                casting.fields("params"));
    }

    /** The values of {@code $1}, {@code $2}, …; to be asked only where there is a clause to use them. */
    List<String> positionalParams() throws InvalidParameters {
        return Params.positional(params);
    }

    RelationName relation() throws InvalidParameters {
        if (table == null) {
            throw new InvalidParameters("table", "can't be blank");
        }
        try {
            return Identifier.parseTable(table);
        } catch (Identifier.Malformed e) {
            throw new InvalidParameters("table", e.reason());
        }
    }

    static InvalidParameters doesNotExist(RelationName name) {
        return new InvalidParameters(
                "table",
                "Table \"" + name.schema() + "\".\"" + name.name() + "\" does not exist. If the table name contains"
                        + " capitals or special characters you must quote it.");
    }

    /**
     * @param generatedReplicated whether the database can replicate columns whose values it computes and stores
     * @param filter what {@code where} says of the table; {@code null} for all rows
     */
    ShapeDefinition definition(Table description, boolean generatedReplicated, @Nullable Filter filter)
            throws InvalidParameters {
        List<String> all = names(description.columns());
        if (columns != null) {
            checkColumns(description, columns, queryableColumns == null ? all : queryableColumns, generatedReplicated);
        }
        if (queryableColumns != null) {
            checkQueryableColumns(description, queryableColumns);
        }
        // A proxy that lets everything be queried has asked for nothing else than who names no columns.
        boolean everything = columns == null && (queryableColumns == null || queryableColumns.containsAll(all));
        List<String> named = everything ? null : columns == null ? queryableColumns : columns;
        if (columns == null) {
            List<String> generated = generated(description, named == null ? all : named, generatedReplicated);
            if (!generated.isEmpty()) {
                throw new InvalidParameters(
                        "columns",
                        "The following columns are generated and cannot be included in the shape: "
                                + String.join(", ", generated)
                                + ". You can exclude them from the shape by explicitly listing which columns to fetch"
                                + " in the 'columns' query param");
            }
        }
        ShapeDefinition ofAllRows = ShapeDefinition.of(description, named, replica, mode);
        return filtered(ofAllRows, description, generatedReplicated, filter);
    }

    /** What is meant when all but the filter has been found to be right. */
    ShapeDefinition filtered(
            ShapeDefinition ofAllRows, Table description, boolean generatedReplicated, @Nullable Filter filter)
            throws InvalidParameters {
        if (filter != null) {
            checkFilter(description, filter, generatedReplicated);
        }
        return ofAllRows.where(filter);
    }

    private static void checkFilter(Table table, Filter filter, boolean generatedReplicated) throws InvalidParameters {
        List<String> asked = new ArrayList<>();
        for (Expr.Column column : filter.columns()) {
            if (!asked.contains(column.name())) {
                asked.add(column.name());
            }
        }
        List<String> generated = generated(table, asked, generatedReplicated);
        if (!generated.isEmpty()) {
            throw new InvalidParameters(
                    "where",
                    "The following columns are generated and their values are not replicated, so that no filter can use"
                            + " them: " + String.join(", ", generated));
        }
    }

    private static void checkColumns(
            Table table, List<String> columns, List<String> queryable, boolean generatedReplicated)
            throws InvalidParameters {
        SequencedCollection<String> missing = minus(names(table.identity()), columns);
        if (!missing.isEmpty()) {
            throw new InvalidParameters(
                    "columns",
                    "The list of columns must include all primary key columns, missing: " + String.join(", ", missing));
        }
        SequencedCollection<String> unknown = new LinkedHashSet<>(columns);
        unknown.removeIf(name -> table.column(name) != null && queryable.contains(name));
        if (!unknown.isEmpty()) {
            throw new InvalidParameters(
                    "columns", "The following columns are not found on the table: " + String.join(", ", unknown));
        }
        List<String> generated = generated(table, columns, generatedReplicated);
        if (!generated.isEmpty()) {
            throw new InvalidParameters(
                    "columns",
                    "The following columns are generated and cannot be included in the shape: "
                            + String.join(", ", generated));
        }
    }

    private static void checkQueryableColumns(Table table, List<String> queryable) throws InvalidParameters {
        SequencedCollection<String> missing = minus(names(table.identity()), queryable);
        if (!missing.isEmpty()) {
            throw new InvalidParameters(
                    "queryable_columns",
                    "The list of queryable columns must include all primary key columns, missing: "
                            + String.join(", ", missing));
        }
        SequencedCollection<String> unknown = minus(queryable, names(table.columns()));
        if (!unknown.isEmpty()) {
            throw new InvalidParameters(
                    "queryable_columns",
                    "The following queryable columns are not found on the table: " + String.join(", ", unknown));
        }
    }

    /** Columns computed on reading are replicated by no version of Postgres. */
    private static List<String> generated(Table table, List<String> columns, boolean generatedReplicated) {
        List<String> generated = new ArrayList<>();
        for (Table.Column column : table.columns()) {
            boolean notReplicated = switch (column.generated()) {
                case NO -> false;
                case STORED -> !generatedReplicated;
                case VIRTUAL -> true;
            };
            if (notReplicated && columns.contains(column.name())) {
                generated.add(column.name());
            }
        }
        return generated;
    }

    private static List<String> names(List<Table.Column> columns) {
        List<String> names = new ArrayList<>(columns.size());
        for (Table.Column column : columns) {
            names.add(column.name());
        }
        return names;
    }

    private static SequencedCollection<String> minus(List<String> all, Collection<String> known) {
        SequencedCollection<String> rest = new LinkedHashSet<>(all);
        rest.removeAll(known);
        return rest;
    }
}
