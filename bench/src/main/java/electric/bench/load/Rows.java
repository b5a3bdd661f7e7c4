package electric.bench.load;

import io.netty.buffer.ByteBuf;

/** Finds the rows in what one client gets, however it is cut, by their column {@code id}, and notes when they arrived. */
final class Rows {
    private static final byte[] ID = Subscription.ascii("\"id\":\"");

    private final Deliveries deliveries;
    private final int client;
    private int rows;
    private int matched;
    private int id;
    private boolean waiting;

    Rows(Deliveries deliveries, int client) {
        this.deliveries = deliveries;
        this.client = client;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** The client has got all there was, and waits. */
    void waits() {
        if (!waiting) {
            waiting = true;
            deliveries.oneMoreWaits();
        }
    }

    void look(HttpConnection connection, ByteBuf part) {
        byte[] scratch = connection.loop().scratch();
        int before = rows;
        while (part.isReadable()) {
            int n = Math.min(scratch.length, part.readableBytes());
            part.readBytes(scratch, 0, n);
            look(scratch, n, connection.arrived());
        }
        deliveries.count(rows - before);
    }

    void look(byte[] bytes, int end, long nanos) {
        for (int at = 0; at < end; at++) {
            byte b = bytes[at];
            if (matched < ID.length) {
                matched = b == ID[matched] ? matched + 1 : b == ID[0] ? 1 : 0;
            } else if (b == '"') {
                deliveries.arrived(client, rows, id, nanos);
                rows++;
                id = 0;
                matched = 0;
            } else {
                id = id * 10 + b - '0';
            }
        }
    }
}
