package electric.sync.route;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** From keys to nodes. Looked up by what a row has, without making a key of it. */
final class Entries {
    static final class Entry extends Node {
        private final int hash;
        private final Object key;
        private @Nullable Entry next;

        Entry(int hash, Object key, @Nullable Entry next) {
            this.hash = hash;
            this.key = key;
            this.next = next;
        }

        int hash() {
            return hash;
        }

        Object key() {
            return key;
        }

        @Nullable
        Entry next() {
            return next;
        }
    }

    private static final int SMALLEST = 4;

    private final Comparator<Object> order;
    private @Nullable Entry[] table = new Entry[SMALLEST];
    private int size;

    /** @param order of keys; zero for those that are one */
    Entries(Comparator<Object> order) {
        this.order = order;
    }

    int size() {
        return size;
    }

    /** The first of the entries that may have a key of this hash. */
    @Nullable
    Entry first(int hash) {
        return table[hash & table.length - 1];
    }

    @Nullable
    Node get(int hash, Object key) {
        for (Entry entry = first(hash); entry != null; entry = entry.next) {
            if (entry.hash == hash && order.compare(entry.key, key) == 0) {
                return entry;
            }
        }
        return null;
    }

    Node make(int hash, Object key) {
        Node known = get(hash, key);
        if (known != null) {
            return known;
        }
        if (size == table.length) {
            resize(table.length * 2);
        }
        int place = hash & table.length - 1;
        Entry made = new Entry(hash, key, table[place]);
        table[place] = made;
        size++;
        return made;
    }

    void remove(int hash, Object key) {
        int place = hash & table.length - 1;
        Entry before = null;
        for (Entry entry = table[place]; entry != null; entry = entry.next) {
            if (entry.hash == hash && order.compare(entry.key, key) == 0) {
                if (before == null) {
                    table[place] = entry.next;
                } else {
                    before.next = entry.next;
                }
                size--;
                if (size < table.length / 4 && table.length > SMALLEST) {
                    resize(table.length / 2);
                }
                return;
            }
            before = entry;
        }
    }

    private void resize(int length) {
        @Nullable Entry[] resized = new Entry[length];
        for (Entry first : table) {
            Entry entry = first;
            while (entry != null) {
                Entry following = entry.next;
                int place = entry.hash & length - 1;
                entry.next = resized[place];
                resized[place] = entry;
                entry = following;
            }
        }
        table = resized;
    }
}
