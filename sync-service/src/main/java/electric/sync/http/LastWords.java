package electric.sync.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/** The end of a connection after which its client surely has what it was told last. */
// What comes of closing is told to the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class LastWords {
    /** How long a client may take to close a connection that we have ended. */
    private static final int LINGER_SECONDS = 2;

    private LastWords() {}

    /** To be called when all is written. Closing while the client is sending would make its system throw away what it has received. */
    static void said(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
            var timer = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
            channel.closeFuture().addListener(closed -> timer.cancel(false));
        } else {
            channel.close();
        }
    }
}
