package electric.sync.http;

import electric.sync.coding.Coded;
import electric.sync.serve.ItemStream;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;

/** What a client gets, before it is known how the connection frames it. */
record Reply(HttpResponseStatus status, HttpHeaders headers, Body body) {
    sealed interface Body {
        /** Statuses that have no body by definition. */
        record None() implements Body {}

        record Whole(String text) implements Body {}

        /**
         * An array of items. Whoever gets this must close the items.
         *
         * @param items in the coding the client gets
         * @param opening what stands before the items, the bracket included
         * @param lastItem follows the others; empty for none
         * @param closing what stands behind them
         */
        record Streamed(String opening, Coded items, String lastItem, String closing) implements Body {}

        /**
         * Items as they come, each an event. Whoever gets this must close the items.
         *
         * @param silence after how long without an event the client is told that we are still there
         */
        record Events(ItemStream items, Duration silence) implements Body {}
    }

    /** Frees what a reply holds that is never going to be sent. */
    void discard() {
        switch (body) {
            case Body.Streamed streamed -> streamed.items().items().close();
            case Body.Events events -> events.items().close();
            case Body.None none -> {}
            case Body.Whole whole -> {}
        }
    }
}
