package electric.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Of all figures, those of which something is asked; where nothing is, what stands first beside a baseline. */
final class Summary {
    /** As it is shown; empty where there is nothing to say. */
    record Row(String scenario, String what, String figure, String goal, String met, String beside, String ratio) {}

    static final Row TITLES = new Row("scenario", "what", "figure", "goal", "", "beside", "ratio");

    private final List<Row> rows;

    Summary(List<Measured> measured) {
        rows = measured.stream()
                .flatMap(one -> telling(one.figures()).map(figure -> row(one.subject(), figure)))
                .toList();
    }

    private static Stream<Figure> telling(List<Figure> figures) {
        return figures.stream().anyMatch(figure -> figure.goal() != null)
                ? figures.stream().filter(figure -> figure.goal() != null)
                : figures.stream().filter(figure -> figure.beside() != null).limit(1);
    }

    private static Row row(Case subject, Figure figure) {
        Figure.Goal goal = figure.goal();
        Figure.Beside beside = figure.beside();
        return new Row(
                subject.scenario(),
                subject.what(),
                figure.name() + " " + figure.shown(),
                goal == null ? "" : (goal.most() ? "≤ " : "≥ ") + Figure.rounded(goal.bound()),
                goal == null ? "" : goal.isMet(figure.value()) ? "met" : "missed",
                beside == null ? "" : beside.name() + " " + Figure.shown(beside.value(), figure.unit()),
                beside == null ? "" : String.format(Locale.ROOT, "%.2f", figure.value() / beside.value()));
    }

    List<Row> rows() {
        return rows;
    }

    /** How many goals there are, and how many of them are met. */
    String verdict() {
        long asked = rows.stream().filter(row -> !row.met.isEmpty()).count();
        long met = rows.stream().filter(row -> row.met.equals("met")).count();
        return met + " of " + asked + " goals met";
    }

    String text() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(cells(TITLES));
        rows.forEach(row -> cells.add(cells(row)));
        int[] widths = new int[cells.getFirst().size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.append('\n').append(verdict()).append('\n').toString();
    }

    static List<String> cells(Row row) {
        return List.of(row.scenario, row.what, row.figure, row.goal, row.met, row.beside, row.ratio);
    }
}
