package electric.sync.http;

import electric.sync.http.Reply.Body;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.serve.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What clients get who have waited at the same place: made for the first of them and kept by each event loop until it makes
 * another, because a change wakes those of one shape one after the other.
 */
final class LiveAnswers {
    /** Larger ones are written from the log itself, and may be compressed. */
    private static final int LARGEST = LogReplies.SMALLEST_COMPRESSED;

    private record Made(
            String handle, LogOffset requested, LogOffset end, long lastSeenLsn, String date, SharedAnswer answer) {
        boolean isFor(Answer.Log log, String now) {
            // The bytes between two offsets never change.
            return requested.equals(log.requested())
                    && end.equals(log.end())
                    && handle.equals(log.handle())
                    && lastSeenLsn == log.lastSeenLsn()
                    && date.equals(now);
        }
    }

    private final Replies replies;
    private final LogReplies logReplies;
    private final FastThreadLocal<@Nullable Made> last = new FastThreadLocal<>();

    LiveAnswers(Replies replies, LogReplies logReplies) {
        this.replies = replies;
        this.logReplies = logReplies;
    }

    /** Replies to a live request in this way, where it can be done. */
    boolean reply(Exchange exchange, ShapeParameters request, Answer answer) {
        if (!(answer instanceof Answer.Log log)
                || !request.live()
                || !log.upToDate()
                || log.items().size() == ByteSource.NOT_KNOWN
                || log.items().size() >= LARGEST
                || !exchange.takesBytes()) {
            return false;
        }
        String date = replies.date();
        Made made = last.get();
        if (made == null || !made.isFor(log, date)) {
            SharedAnswer fresh = make(exchange, request, log);
            if (fresh == null) {
                return false;
            }
            made = new Made(log.handle(), log.requested(), log.end(), log.lastSeenLsn(), date, fresh);
            last.set(made);
        }
        log.items().close();
        exchange.reply(made.answer, Replies.origin(exchange), logReplies.cursor(exchange));
        return true;
    }

    /** {@code null} when the log is no more. */
    private @Nullable SharedAnswer make(Exchange exchange, ShapeParameters request, Answer.Log log) {
        Reply reply = logReplies.log(exchange, request, () -> "", log);
        if (!(reply.body() instanceof Body.Streamed array)) {
            return null;
        }
        ByteBuf content = Unpooled.buffer();
        ByteBufUtil.writeAscii(content, array.opening());
        int before = content.readableBytes();
        for (ByteBuf piece = log.items().next();
                piece != null;
                piece = log.items().next()) {
            content.writeBytes(piece);
            piece.release();
        }
        if (log.items().state() != ByteSource.State.ENDED) {
            return null;
        }
        String separator = content.readableBytes() == before ? "" : LogBody.SEPARATOR;
        ByteBufUtil.writeAscii(content, separator + array.lastItem() + array.closing());
        return new SharedAnswer(reply.status(), reply.headers(), content);
    }
}
