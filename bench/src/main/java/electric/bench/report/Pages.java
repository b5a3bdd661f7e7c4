package electric.bench.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is read after a run: the summary first, then the curves, then everything. */
record Pages(
        String date,
        Machine machine,
        Summary summary,
        List<Measured> measured,
        List<String> remarks,
        Map<String, String> charts) {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2128; --quiet: #69727d; --rule: #e4e7eb; --page: #f6f7f9;
              --good: #16825d; --bad: #c2410c; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e4e8ed; --quiet: #98a2ad; --rule: #30363d;
              --page: #0c0f13; --good: #4fc08d; --bad: #f0914f; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 2rem auto;
              max-width: 1500px; padding: 0 1.5rem; }
            p { color: var(--quiet); }
            h1, h2 { line-height: 1.2; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid var(--rule);
              vertical-align: top; }
            th { color: var(--quiet); font-weight: 500; }
            .met { color: var(--good); } .missed { color: var(--bad); }
            .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 1.2rem; }
            """;

    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Measured ").append(date).append("\n\n").append(machine.description());
        page.append("\n\n**").append(summary.verdict()).append("**\n\n");
        remarks.forEach(remark -> page.append("* ").append(remark).append('\n'));
        page.append(remarks.isEmpty() ? "" : "\n");
        page.append(line(Summary.cells(Summary.TITLES)));
        page.append("|---".repeat(Summary.cells(Summary.TITLES).size())).append("|\n");
        summary.rows().forEach(row -> page.append(line(Summary.cells(row))));
        page.append('\n');
        charts.keySet().forEach(name -> page.append("![](").append(name).append(".svg)\n"));
        page.append("\n## All figures\n\n| scenario | what | figures |\n|---|---|---|\n");
        measured.forEach(one ->
                page.append(line(List.of(one.subject().scenario(), one.subject().what(), figures(one)))));
        return page.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String figures(Measured one) {
        return one.figures().stream()
                .map(figure -> figure.name() + " " + figure.shown()
                        + (figure.beside() == null
                                ? ""
                                : " (" + figure.beside().name() + " "
                                        + Figure.rounded(figure.beside().value()) + ")"))
                .collect(Collectors.joining(", "));
    }

    String html() {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.append("<title>Measured ").append(date).append("</title>\n<style>\n");
        page.append(STYLE)
                .append("</style>\n<h1>Measured ")
                .append(date)
                .append(": ")
                .append(summary.verdict())
                .append("</h1>\n<p>");
        page.append(Svg.escaped(machine.description())).append("</p>\n");
        remarks.forEach(remark -> page.append("<p>").append(Svg.escaped(remark)).append("</p>\n"));
        page.append("<div class=\"wide\"><table>\n<tr>");
        Summary.cells(Summary.TITLES)
                .forEach(title -> page.append("<th>").append(title).append("</th>"));
        page.append("</tr>\n");
        for (Summary.Row row : summary.rows()) {
            page.append("<tr>");
            for (String cell : Summary.cells(row)) {
                page.append(cell.equals(row.met()) ? "<td class=\"" + cell + "\">" : "<td>");
                page.append(Svg.escaped(cell)).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table></div>\n<h2>Curves</h2>\n<p>Dashed: what stands beside it. Diamond: the goal.</p>\n");
        page.append("<div class=\"charts\">\n");
        charts.values().forEach(page::append);
        page.append("</div>\n<h2>All figures</h2>\n<div class=\"wide\"><table>\n");
        for (Measured one : measured) {
            page.append("<tr><td>").append(Svg.escaped(one.subject().scenario()));
            page.append("</td><td>").append(Svg.escaped(one.subject().what()));
            page.append("</td><td>").append(Svg.escaped(figures(one))).append("</td></tr>\n");
        }
        return page.append("</table></div>\n</html>\n").toString();
    }
}
