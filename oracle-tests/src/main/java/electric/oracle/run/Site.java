package electric.oracle.run;

import electric.oracle.judge.Witness;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * Where scenarios are run.
 *
 * @param shapeUrl where clients ask: the server, or something between
 * @param limit how long a client may take to see a commit
 */
record Site(
        Database database,
        Target target,
        String shapeUrl,
        Witness witness,
        HttpClient http,
        ExecutorService threads,
        Duration limit) {
    Site with(Duration otherLimit) {
        return new Site(database, target, shapeUrl, witness, http, threads, otherLimit);
    }
}
