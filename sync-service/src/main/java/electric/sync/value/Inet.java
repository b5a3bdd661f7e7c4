package electric.sync.value;

import java.math.BigInteger;

/**
 * inet and cidr: an address and how many of its bits name the network. Ordered by family, by what both say of the network,
 * by the size of the network, by the rest.
 *
 * @param family 4 or 6
 */
public record Inet(int family, BigInteger address, int bits) implements Comparable<Inet> {

    public static Inet input(String literal) {
        return InetLiteral.read(literal, false);
    }

    /** A cidr: nothing may be set outside the network. */
    public static Inet inputCidr(String literal) {
        Inet inet = InetLiteral.read(literal, true);
        if (!inet.network().address.equals(inet.address)) {
            throw InvalidValue.of("22P02", "invalid cidr value: \"" + literal + "\"");
        }
        return inet;
    }

    /** Of Postgres's output of either type. */
    public static Inet parse(byte[] bytes, int from, int length) {
        try {
            return InetLiteral.read(Output.text(bytes, from, length), false);
        } catch (InvalidValue unreadable) {
            throw Output.unreadable("inet");
        }
    }

    int size() {
        return family == 4 ? 32 : 128;
    }

    /** As inet: the network's size only where it is not the address alone. */
    public String print() {
        return bits == size() ? host() : printCidr();
    }

    /** As cidr, and as text. */
    public String printCidr() {
        return host() + "/" + bits;
    }

    public String host() {
        return family == 4 ? octets(address.intValue()) : InetLiteral.printSix(address);
    }

    static String octets(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    @Override
    public int compareTo(Inet other) {
        if (family != other.family) {
            return Integer.compare(family, other.family);
        }
        int order = compareBits(other, Math.min(bits, other.bits));
        if (order == 0) {
            order = Integer.compare(bits, other.bits);
        }
        return order == 0 ? address.compareTo(other.address) : order;
    }

    private int compareBits(Inet other, int count) {
        return address.shiftRight(size() - count).compareTo(other.address.shiftRight(size() - count));
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Inet";
    }

    /** {@code <<=}: whether this is in the other's network or is it. */
    public boolean isWithinOrEqual(Inet other) {
        return family == other.family && bits >= other.bits && compareBits(other, other.bits) == 0;
    }

    /** {@code <<}. */
    public boolean isWithin(Inet other) {
        return bits > other.bits && isWithinOrEqual(other);
    }

    /** {@code &&}: whether one is within the other. */
    public boolean overlaps(Inet other) {
        return family == other.family && compareBits(other, Math.min(bits, other.bits)) == 0;
    }

    private BigInteger hostMask() {
        return BigInteger.ONE.shiftLeft(size() - bits).subtract(BigInteger.ONE);
    }

    private BigInteger allBits() {
        return BigInteger.ONE.shiftLeft(size()).subtract(BigInteger.ONE);
    }

    /** Without what is not the network's. */
    public Inet network() {
        return new Inet(family, address.andNot(hostMask()), bits);
    }

    public Inet broadcast() {
        return new Inet(family, address.or(hostMask()), bits);
    }

    public Inet netmask() {
        return new Inet(family, allBits().andNot(hostMask()), size());
    }

    public Inet hostmask() {
        return new Inet(family, hostMask(), size());
    }

    /** {@code set_masklen}; -1 for all bits. */
    public Inet withBits(int count) {
        if (count < -1 || count > size()) {
            throw InvalidValue.of("22023", "invalid mask length: " + count);
        }
        return new Inet(family, address, count < 0 ? size() : count);
    }

    public Inet not() {
        return new Inet(family, address.xor(allBits()), bits);
    }

    public Inet and(Inet other) {
        requireFamily(other, "AND");
        return new Inet(family, address.and(other.address), Math.max(bits, other.bits));
    }

    public Inet or(Inet other) {
        requireFamily(other, "OR");
        return new Inet(family, address.or(other.address), Math.max(bits, other.bits));
    }

    private void requireFamily(Inet other, String verb) {
        if (family != other.family) {
            throw InvalidValue.of("22023", "cannot " + verb + " inet values of different sizes");
        }
    }

    public Inet add(long count) {
        return moved(address.add(BigInteger.valueOf(count)));
    }

    public Inet subtract(long count) {
        if (count == Long.MIN_VALUE) {
            throw new NotExact("the one number that Postgres cannot subtract from an address");
        }
        return moved(address.subtract(BigInteger.valueOf(count)));
    }

    private Inet moved(BigInteger to) {
        if (to.signum() < 0 || to.bitLength() > size()) {
            throw outOfRange();
        }
        return new Inet(family, to, bits);
    }

    private static InvalidValue outOfRange() {
        return InvalidValue.of("22003", "result is out of range");
    }

    public long distance(Inet other) {
        requireFamily(other, "subtract");
        BigInteger distance = address.subtract(other.address);
        if (distance.bitLength() > 63) {
            throw new NotExact("a distance between addresses that Postgres does not always notice to be too large");
        }
        return distance.longValueExact();
    }
}
