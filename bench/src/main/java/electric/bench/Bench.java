package electric.bench;

import electric.bench.scenario.Options;
import electric.bench.scenario.Run;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Measures a server from outside: {@code bench/bin/load}. */
public final class Bench {
    private static final String HELP = """
            Measures a server of the protocol from outside, each figure beside a baseline: ours, or
              --server URL --database JDBC-URL [--server-pid PID]

            bench/bin/load [scenario ...]   in about five minutes
            bench/bin/load --all            everything in full size
              --report FOLDER               where figures, summary and curves are written

            Sizes: --rows, --clients, --shapes, --idle-shapes, --written, --huge, --fan-out-rows, --period (milliseconds)
            Scenarios:\s""";

    private Bench() {}

    /** @param args root of the checkout, current folder, and what was asked for */
    public static void main(String[] args) throws Exception {
        List<String> asked = Arrays.asList(args).subList(2, args.length);
        if (asked.contains("--help")) {
            System.out.println(HELP + String.join(", ", Run.scenarios()));
            return;
        }
        Options options;
        try {
            options = new Options(asked, Run.scenarios());
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        boolean well;
        try (Run run = new Run(Path.of(args[0]), Path.of(args[1]), options)) {
            well = run.run();
        }
        System.exit(well ? 0 : 1);
    }
}
