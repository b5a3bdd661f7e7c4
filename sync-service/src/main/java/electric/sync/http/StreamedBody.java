package electric.sync.http;

/** The body of an answer that is written as its bytes come, at the pace of the client. */
sealed interface StreamedBody permits LogBody, EventBody {
    /** Writes what can be written now; called again whenever the client has moved on. */
    void pump();

    /** Lets go of the log; nothing is written afterwards. */
    void close();
}
