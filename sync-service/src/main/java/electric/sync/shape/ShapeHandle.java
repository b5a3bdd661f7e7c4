package electric.sync.shape;

import java.util.concurrent.atomic.AtomicLong;

/** The names of shapes. A handle means one thing for ever (I7): its second half is a time that never repeats. */
final class ShapeHandle {
    private static final AtomicLong LAST_MICROS = new AtomicLong();

    private ShapeHandle() {}

    static String next(ShapeDefinition definition, long epochMicros) {
        long unique = LAST_MICROS.updateAndGet(last -> Math.max(last + 1, epochMicros));
        return Integer.toUnsignedString(definition.hashCode()) + "-" + unique;
    }
}
