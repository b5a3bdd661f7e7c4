package electric.sync;

/** The one way in. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
