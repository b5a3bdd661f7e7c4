package electric.oracle;

/** A client's next request, under way: a live one waits at the server until something happens. */
final class Parked {
    private final ShapeClient client;
    private final String handle;
    private final UnderWay<ShapeResponse> answer;

    private Parked(RunningServer server, ShapeClient client) {
        this.client = client;
        this.handle = client.handle().orElseThrow();
        this.answer = UnderWay.at(server, client::step);
    }

    /** Returns when the request has reached the server. */
    static Parked at(RunningServer server, ShapeClient client) {
        return new Parked(server, client);
    }

    ShapeClient client() {
        return client;
    }

    /** The shape it asked for. */
    String handle() {
        return handle;
    }

    boolean isAnswered() {
        return answer.isAnswered();
    }

    ShapeResponse answer() {
        return answer.answer();
    }

    ShapeResponse answerWithin(long seconds) {
        return answer.answerWithin(seconds);
    }
}
