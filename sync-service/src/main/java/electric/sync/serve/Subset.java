package electric.sync.serve;

import electric.sync.change.Table;
import electric.sync.where.Filter;
import electric.sync.where.RowOrder;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a shape as they are now, apart from its log.
 *
 * @param filter what must be true of them besides the shape's own filter; {@code null} for nothing
 * @param order {@code null} for none in particular
 */
public record Subset(
        Table table, @Nullable Filter filter, @Nullable RowOrder order, OptionalLong limit, OptionalLong offset) {}
