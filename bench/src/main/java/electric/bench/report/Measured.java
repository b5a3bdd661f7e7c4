package electric.bench.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A case and what came of it. */
record Measured(Case subject, List<Figure> figures) {
    @Nullable
    Figure figure(String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
