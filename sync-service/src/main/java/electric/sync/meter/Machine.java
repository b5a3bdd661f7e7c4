package electric.sync.meter;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** The computer and the JVM, under the names that dashboards of this protocol's servers use. */
final class Machine implements AutoCloseable {
    private static final Path LOAD_AVERAGES = Path.of("/proc/loadavg");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    private static final Path PROCESSORS = Path.of("/proc/stat");

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Counter reclaimed;
    private final NotificationListener collected = this::collected;

    Machine(Meter meter) {
        this.reclaimed = meter.counter(Metric.GC_RECLAIMED);
        showSystem(meter);
        showJvm(meter);
    }

    private void showSystem(Meter meter) {
        meter.shows(Metric.CPU_CORES, system::getAvailableProcessors);
        meter.shows(Metric.LOAD_1, () -> percent(system.getSystemLoadAverage() / system.getAvailableProcessors()));
        meter.shows(Metric.FREE_MEMORY, () -> shareOfMemory(system.getFreeMemorySize()));
        // The JVM knows the load of one minute only, and not what the system would give back if asked.
        if (Files.isReadable(LOAD_AVERAGES)) {
            meter.shows(Metric.LOAD_5, () -> percent(loadAverage(1) / system.getAvailableProcessors()));
            meter.shows(Metric.LOAD_15, () -> percent(loadAverage(2) / system.getAvailableProcessors()));
        }
        if (Files.isReadable(PROCESSORS)) {
            // The JVM's own figure is since it was last asked, by anybody: with two who ask, one learns nothing.
            Core together = Core.together(read(PROCESSORS).lines().toList());
            meter.shows(
                    Metric.CPU_UTILIZATION,
                    () -> together.percentBusy(read(PROCESSORS).lines().toList()));
            for (Core core : Core.all(read(PROCESSORS).lines().toList())) {
                meter.showsNumbered(
                        Metric.CPU_UTILIZATION_OF_CORE,
                        core.number(),
                        () -> core.percentBusy(read(PROCESSORS).lines().toList()));
            }
        }
        if (Files.isReadable(MEMORY)) {
            meter.shows(Metric.AVAILABLE_MEMORY, () -> percent(availableMemory()));
            meter.shows(Metric.USED_MEMORY, () -> percent(1 - availableMemory()));
        }
    }

    private void showJvm(Meter meter) {
        meter.shows(Metric.VM_MEMORY, Machine::memoryOfTheJvm);
        meter.shows(
                Metric.GC_RUNS,
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(collected, null, null);
            }
        }
        meter.shows(Metric.UPTIME, () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        meter.shows(Metric.THREADS, () -> ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private void collected(Notification notification, @Nullable Object ignored) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            var collection = GarbageCollectionNotificationInfo.from(data).getGcInfo();
            reclaimed.add(
                    Math.max(0, used(collection.getMemoryUsageBeforeGc()) - used(collection.getMemoryUsageAfterGc())));
        }
    }

    @Override
    public void close() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(collected);
                } catch (ListenerNotFoundException e) {
                    throw new IllegalStateException("closed twice", e);
                }
            }
        }
    }

    private static long used(Map<String, MemoryUsage> pools) {
        return pools.values().stream().mapToLong(MemoryUsage::getUsed).sum();
    }

    private static double memoryOfTheJvm() {
        var memory = ManagementFactory.getMemoryMXBean();
        return memory.getHeapMemoryUsage().getUsed()
                + memory.getNonHeapMemoryUsage().getUsed()
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    private double shareOfMemory(long bytes) {
        return percent((double) bytes / system.getTotalMemorySize());
    }

    private static double percent(double share) {
        return share * 100;
    }

    private static double loadAverage(int place) {
        return Double.parseDouble(read(LOAD_AVERAGES).split(" ", -1)[place]);
    }

    private static double availableMemory() {
        String text = read(MEMORY);
        return (double) kilobytes(text, "MemAvailable:") / kilobytes(text, "MemTotal:");
    }

    private static long kilobytes(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(MEMORY + " does not say " + name));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
