package electric.sync.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What must survive a restart to know whether the data kept here still continues the database's history: which database it
 * was, and this installation's id. On disk, or in memory for servers that keep nothing.
 *
 * <p>Threads: any.
 */
public final class RememberedIdentity {
    private static final Logger log = LoggerFactory.getLogger(RememberedIdentity.class);

    /** A timeline no database has: whatever is kept here does not continue it. */
    private static final int BROKEN = -1;

    /** One cluster's history since its last failover or point-in-time recovery. */
    public record Timeline(String systemId, int timeline) {
        boolean broken() {
            return timeline == BROKEN;
        }
    }

    private record State(
            @Nullable String installationId,
            @Nullable String systemIdentifier,
            @Nullable Integer timeline) {}

    private final Optional<Path> file;
    private State state;

    private RememberedIdentity(Optional<Path> file, State state) {
        this.file = file;
        this.state = state;
    }

    public static RememberedIdentity inMemory(String instanceId) {
        RememberedIdentity remembered = new RememberedIdentity(Optional.empty(), new State(null, null, null));
        remembered.install(instanceId);
        return remembered;
    }

    /**
     * Below the storage folder, one file per stack. A file that cannot be understood counts as none.
     *
     * @param instanceId becomes the installation's id on the very first start
     */
    public static RememberedIdentity in(Path storage, String stack, String instanceId) {
        Path file = storage.resolve("state").resolve(URLEncoder.encode(stack, StandardCharsets.UTF_8) + ".json");
        RememberedIdentity remembered = new RememberedIdentity(Optional.of(file), read(file));
        remembered.install(instanceId);
        return remembered;
    }

    /** Stays the same for as long as the storage does. */
    public synchronized String installationId() {
        return String.valueOf(state.installationId);
    }

    synchronized Optional<Timeline> timeline() {
        return state.systemIdentifier == null || state.timeline == null
                ? Optional.empty()
                : Optional.of(new Timeline(state.systemIdentifier, state.timeline));
    }

    /** On disk when this returns. */
    synchronized void remember(Timeline timeline) {
        keep(new State(state.installationId, timeline.systemId, timeline.timeline));
    }

    /** What is kept here does not continue the database's history any more, and the next start must know. */
    synchronized void forgetHistory() {
        String systemId = state.systemIdentifier == null ? "" : state.systemIdentifier;
        keep(new State(state.installationId, systemId, BROKEN));
    }

    private synchronized void install(String instanceId) {
        if (state.installationId == null) {
            keep(new State(instanceId, state.systemIdentifier, state.timeline));
        }
    }

    private void keep(State next) {
        if (file.isPresent() && !next.equals(state)) {
            write(file.get(), JsonMapper.shared().writeValueAsBytes(next));
        }
        state = next;
    }

    private static State read(Path file) {
        State none = new State(null, null, null);
        if (!Files.exists(file)) {
            return none;
        }
        try {
            State read = JsonMapper.shared().readValue(Files.readAllBytes(file), State.class);
            return read == null ? none : read;
        } catch (IOException | JacksonException e) {
            log.warn(
                    "Could not read {}, going on as if it did not exist: {}",
                    file,
                    e instanceof JacksonException broken ? broken.getOriginalMessage() : e.toString());
            return none;
        }
    }

    /** A crash at any moment leaves the old content or the new one. */
    private static void write(Path file, byte[] content) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write " + file, e);
        }
    }
}
