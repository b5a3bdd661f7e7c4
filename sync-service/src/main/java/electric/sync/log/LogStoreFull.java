package electric.sync.log;

/** All logs together would take more memory than they may. */
public final class LogStoreFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogStoreFull(long limitBytes) {
        super("The logs of all shapes have reached the memory limit of " + (limitBytes >> 20) + " MiB");
    }
}
