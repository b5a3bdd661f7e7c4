package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.ingest.RememberedIdentity.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntegrityTest {
    private static final Timeline HERE = new Timeline("7001", 1);

    @TempDir
    private Path storage;

    private static Integrity of(@Nullable Timeline previous, boolean slotCreated) {
        return Integrity.of(Optional.ofNullable(previous), HERE, slotCreated);
    }

    private RememberedIdentity remembered(String instance) {
        return RememberedIdentity.in(storage, "single_stack", instance);
    }

    @Test
    void theFirstStartPurgesNothing() {
        // PG-020
        assertThat(of(null, true)).isEqualTo(new Integrity.FirstStart());
        assertThat(of(null, false)).isEqualTo(new Integrity.FirstStart());
    }

    @Test
    void theSameDatabaseWithItsSlotContinues() {
        assertThat(of(HERE, false)).isEqualTo(new Integrity.Continued());
    }

    @Test
    void aNewSlotBreaksWhatWasKnown() {
        // PG-023
        assertThat(of(HERE, true)).isEqualTo(new Integrity.Broken(Optional.empty()));
    }

    @Test
    void anotherDatabaseBreaksWhatWasKnown() {
        // PG-021
        assertThat(of(new Timeline("6", 1), false))
                .isEqualTo(new Integrity.Broken(
                        Optional.of("Detected different Postgres DB, with ID: 7001. Old Postgres DB had ID 6.")));
    }

    @Test
    void anotherTimelineBreaksWhatWasKnown() {
        // PG-022
        assertThat(Integrity.of(Optional.of(HERE), new Timeline("7001", 2), false))
                .isEqualTo(new Integrity.Broken(Optional.of("Detected PITR to timeline 2")));
    }

    @Test
    void remembersAcrossRestarts() {
        RememberedIdentity first = remembered("instance-1");
        assertThat(first.timeline()).isEmpty();
        first.remember(HERE);
        RememberedIdentity second = remembered("instance-2");
        assertThat(second.timeline()).contains(HERE);
        assertThat(second.installationId()).isEqualTo("instance-1");
    }

    @Test
    void forgottenHistoryStaysForgottenUntilTheNextGoodStart() {
        // PG-024
        remembered("i").forgetHistory();
        RememberedIdentity next = remembered("i");
        assertThat(Integrity.of(next.timeline(), HERE, false)).isInstanceOf(Integrity.Broken.class);
        next.remember(HERE);
        assertThat(Integrity.of(remembered("i").timeline(), HERE, false)).isInstanceOf(Integrity.Continued.class);
    }

    @Test
    void aFileThatCannotBeUnderstoodCountsAsNone() throws IOException {
        remembered("i").remember(HERE);
        Path file = storage.resolve("state").resolve("single_stack.json");
        for (String garbage : new String[] {"", "{", "[]", "null", "{\"timeline\":\"x\"}"}) {
            Files.writeString(file, garbage);
            assertThat(remembered("again").timeline()).as(garbage).isEmpty();
            assertThat(remembered("other").installationId()).isEqualTo("again");
        }
    }

    @Test
    void aStackCannotNameAFileElsewhere() {
        RememberedIdentity.in(storage, "../../up", "i").remember(HERE);
        assertThat(storage.resolve("state")).isDirectoryContaining("glob:**.json");
    }

    @Test
    void inMemoryNothingIsWritten() {
        RememberedIdentity memory = RememberedIdentity.inMemory("i");
        memory.remember(HERE);
        assertThat(memory.timeline()).contains(HERE);
        assertThat(memory.installationId()).isEqualTo("i");
        assertThat(storage).isEmptyDirectory();
    }
}
