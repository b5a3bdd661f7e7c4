package electric.oracle.scenario;

/** What breaks, and has to be borne. */
public enum Fault {
    SERVER_RESTARTED("the server is told to end, and started again", true),
    SERVER_KILLED("the server is killed, and started again", true),
    DATABASE_RESTARTED("Postgres is stopped, and started again", false),
    DATABASE_KILLED("Postgres is killed, and recovers", false),
    REPLICATION_CUT("the server's replication connection is cut", false),
    CONNECTIONS_CUT("all other connections of the server to Postgres are cut", false),
    SLOT_DROPPED("the server's replication slot is dropped", true),
    ANSWERS_DELAYED("answers are on their way for long, to the end of the batch", false),
    ANSWERS_CUT("answers break off in the middle, to the end of the batch", false),
    REQUESTS_REPEATED("every request is sent twice, and the second answer taken, to the end of the batch", false);

    private final String words;
    private final boolean endsShapes;

    Fault(String words, boolean endsShapes) {
        this.words = words;
        this.endsShapes = endsShapes;
    }

    public String words() {
        return words;
    }

    /** Whether clients may be told to fetch again: a server that keeps everything in memory forgets it. */
    public boolean endsShapes() {
        return endsShapes;
    }

    /** Whether it happens between clients and server. */
    public boolean isOnTheWay() {
        return this == ANSWERS_DELAYED || this == ANSWERS_CUT;
    }
}
