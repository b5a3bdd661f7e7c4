package electric.oracle.generate;

import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.Fault;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How often what breaks; 0 is never.
 *
 * @param serverEvery so many batches the server is restarted, in one of these ways
 * @param clientsEvery so many batches some clients lose what they had
 * @param othersEvery so many batches one of the others happens
 * @param errors whether requests may fail meanwhile
 */
public record FaultPlan(
        int serverEvery, List<Fault> server, int clientsEvery, int othersEvery, List<Fault> others, boolean errors) {
    public static final FaultPlan NONE = new FaultPlan(0, List.of(), 0, 0, List.of(), false);

    private static final int ONE_CLIENT_OF = 4;

    public FaultPlan {
        server = List.copyOf(server);
        others = List.copyOf(others);
    }

    /** The same steps, and faults between them. Batches of several writers are left alone. */
    List<Step> into(List<Step> steps, List<ClientPlan> clients, Random random) {
        List<Step> all = new ArrayList<>();
        List<Step> batch = new ArrayList<>();
        int batches = 0;
        for (Step step : steps) {
            batch.add(step);
            if (step instanceof Together) {
                all.addAll(batch);
                batch.clear();
            } else if (step instanceof Transaction transaction && transaction.pace() == Pace.WAIT) {
                batches++;
                addTo(batch, batches, clients, random);
                all.addAll(batch);
                batch.clear();
            }
        }
        all.addAll(batch);
        return all;
    }

    private void addTo(List<Step> batch, int number, List<ClientPlan> clients, Random random) {
        if (isTime(serverEvery, number)) {
            add(batch, server.get(random.nextInt(server.size())), random);
        } else if (isTime(othersEvery, number)) {
            add(batch, others.get(random.nextInt(others.size())), random);
        }
        if (isTime(clientsEvery, number)) {
            for (ClientPlan client : clients) {
                if (random.nextInt(ONE_CLIENT_OF) == 0 && client.way() != Way.STOCK) {
                    batch.addFirst(new Forget(client.name()));
                }
            }
        }
    }

    private void add(List<Step> batch, Fault fault, Random random) {
        batch.add(random.nextInt(batch.size()), new Break(fault, errors));
    }

    private static boolean isTime(int every, int number) {
        return every > 0 && number % every == 0;
    }
}
