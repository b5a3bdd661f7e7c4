package electric.sync.coding;

/** How the bytes of an answer are written on the wire. */
public enum Coding {
    IDENTITY("identity"),
    GZIP("gzip"),
    ZSTD("zstd");

    /** As HTTP calls it. */
    public final String word;

    Coding(String word) {
        this.word = word;
    }
}
