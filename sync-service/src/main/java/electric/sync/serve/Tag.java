package electric.sync.serve;

import electric.sync.log.LogOffset;

/** Names the bytes of an answer: the same tag, the same bytes, for as long as the handle lives. */
public final class Tag {
    private Tag() {}

    public static String of(String handle, LogOffset requested, LogOffset end) {
        return handle + ":" + requested + ":" + end;
    }
}
