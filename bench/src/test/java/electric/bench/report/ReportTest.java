package electric.bench.report;

import static electric.bench.report.Figure.figure;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class ReportTest {
    private static final Machine MACHINE = new Machine("2 cores of <anything> & more");

    @TempDir
    Path folder;

    @Test
    void theSummaryTellsWhichGoalsAreMetAndHowFarItIsFromTheBaseline() throws IOException {
        write();
        assertThat(Files.readString(folder.resolve("summary.md")))
                .contains("**2 of 3 goals met**")
                .contains("| fan-out | 1000 clients | all 16.4 ms | ≤ 10.0 | missed | bare Netty 8.20 ms | 2.00 |")
                .contains("| cold | a million rows | first client 1.50 s | ≤ 1.50 | met | COPY 0.50 s | 3.00 |")
                .contains("![](fan-out-all.svg)");
    }

    @Test
    void whatCouldNotBeMeasuredIsLeftOut() throws IOException {
        write();
        assertThat(Files.readString(folder.resolve("figures.jsonl")))
                .doesNotContain("NaN")
                .doesNotContain("unknown");
    }

    @Test
    void everyLineOfFiguresSaysWhatWasMeasuredAndBesideWhat() throws IOException {
        write();
        assertThat(Files.readAllLines(folder.resolve("figures.jsonl")))
                .contains(
                        "{\"scenario\":\"fan-out\",\"what\":\"1000 clients\",\"series\":\"long polls\",\"size\":1000.0,"
                                + "\"all (ms)\":16.4,\"all (ms) of bare Netty\":8.2}");
    }

    @Test
    void aRunReplacesTheOneBeforeIt() throws IOException {
        write();
        List<String> lines = Files.readAllLines(folder.resolve("figures.jsonl"));
        write();
        assertThat(Files.readAllLines(folder.resolve("figures.jsonl"))).isEqualTo(lines);
    }

    @Test
    void picturesAreWellFormedWhateverTheWords() throws Exception {
        write();
        for (String name : new String[] {"fan-out-all", "cold"}) {
            String svg = Files.readString(folder.resolve(name + ".svg"));
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)))
                            .getDocumentElement()
                            .getTagName())
                    .isEqualTo("svg");
        }
        assertThat(Files.readString(folder.resolve("index.html"))).contains("2 cores of &lt;anything&gt; &amp; more");
    }

    @Test
    void aSinglePointIsNoCurve() throws IOException {
        write();
        assertThat(folder.resolve("shapes-latency.svg")).doesNotExist();
    }

    private void write() throws IOException {
        Report report = Report.in(folder, MACHINE, new PrintStream(OutputStream.nullOutputStream()));
        report.add(
                new Case("cold", "a million rows"),
                figure("first client", 1.5, "s").atMost(1.5).beside("COPY", 0.5),
                figure("unknown", Double.NaN, "s").atMost(1));
        report.add(
                new Case("fan-out", "1 client", "long polls", 1),
                figure("all", 0.6, "ms").atMost(Double.NaN).beside("bare <Netty>", 0.3));
        report.add(
                new Case("fan-out", "1000 clients", "long polls", 1000),
                figure("all", 16.4, "ms").atMost(10).beside("bare Netty", 8.2));
        report.add(new Case("shapes", "100 shapes", "tenant_id = k", 100), figure("p50", 0.9, "ms"));
        report.add(new Case("shapes", "made"), figure("made", 6000, "/s").atLeast(5000));
        report.close();
    }
}
