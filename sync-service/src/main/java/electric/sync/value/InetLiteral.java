package electric.sync.value;

import java.math.BigInteger;

/** The text forms of addresses. */
final class InetLiteral {
    private static final int GROUPS = 8;

    private final String literal;
    private final boolean cidr;
    private int at;

    private InetLiteral(String literal, boolean cidr) {
        this.literal = literal;
        this.cidr = cidr;
    }

    static Inet read(String literal, boolean cidr) {
        InetLiteral read = new InetLiteral(literal, cidr);
        return literal.indexOf(':') >= 0 ? read.six() : read.four();
    }

    private InvalidValue malformed() {
        return InvalidValue.syntax(cidr ? "cidr" : "inet", literal);
    }

    private char peek() {
        return at < literal.length() ? literal.charAt(at) : '\0';
    }

    /** Fewer than four octets are enough where the size of the network is given, or the type is cidr. */
    private Inet four() {
        if (cidr
                && literal.startsWith("0")
                && literal.length() > 2
                && Blanks.lower(literal).charAt(1) == 'x') {
            throw new NotExact("an address in hexadecimal digits");
        }
        long address = 0;
        int octets = 0;
        while (Blanks.isDigit(peek())) {
            int octet = 0;
            while (Blanks.isDigit(peek())) {
                octet = octet * 10 + literal.charAt(at++) - '0';
                if (octet > 255) {
                    throw malformed();
                }
            }
            if (octets == 4) {
                throw malformed();
            }
            address = address << 8 | octet;
            octets++;
            if (peek() != '.') {
                break;
            }
            at++;
            if (cidr && !Blanks.isDigit(peek())) {
                throw malformed();
            }
        }
        int bits = -1;
        if (peek() == '/' && octets > 0) {
            at++;
            bits = bits(32, true);
        }
        if (octets == 0 || at < literal.length()) {
            throw malformed();
        }
        if (bits < 0) {
            bits = cidr ? bitsOfClass((int) (address >> (8 * (octets - 1))), octets) : octets == 4 ? 32 : -1;
        }
        if (bits < 0 || (!cidr && bits / 8 > octets)) {
            throw malformed();
        }
        return new Inet(4, BigInteger.valueOf(address << (8 * (4 - octets))), bits);
    }

    private static int bitsOfClass(int first, int octets) {
        int bits = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
        int widened = Math.max(bits, octets * 8);
        return widened == 8 && first == 224 ? 4 : widened;
    }

    private int bits(int most, boolean leadingZeros) {
        int from = at;
        int bits = 0;
        while (Blanks.isDigit(peek())) {
            if (!leadingZeros && at > from && bits == 0) {
                throw malformed();
            }
            bits = bits * 10 + literal.charAt(at++) - '0';
            if (bits > most) {
                throw malformed();
            }
        }
        if (at == from || at < literal.length()) {
            throw malformed();
        }
        return bits;
    }

    private Inet six() {
        BigInteger address = BigInteger.ZERO;
        int groups = 0;
        int gap = -1;
        int bits = 128;
        if (peek() == ':') {
            at++;
            if (peek() != ':') {
                throw malformed();
            }
        }
        boolean ended = false;
        while (at < literal.length() && !ended) {
            char c = peek();
            if (c == ':') {
                if (gap >= 0) {
                    throw malformed();
                }
                gap = groups;
                at++;
                continue;
            }
            if (c == '/') {
                at++;
                bits = bits(128, false);
                ended = true;
                continue;
            }
            int from = at;
            while (at < literal.length() && c < 128 && Character.digit(peek(), 16) >= 0) {
                at++;
            }
            if (peek() == '.') {
                at = from;
                if (groups + 2 > GROUPS) {
                    throw malformed();
                }
                address = address.shiftLeft(32).add(BigInteger.valueOf(embeddedFour()));
                groups += 2;
                if (peek() != '/' && at < literal.length()) {
                    throw malformed();
                }
                continue;
            }
            if (at == from || at - from > 4 || groups == GROUPS) {
                throw malformed();
            }
            address = address.shiftLeft(16).add(BigInteger.valueOf(Integer.parseInt(literal, from, at, 16)));
            groups++;
            if (peek() == ':') {
                at++;
                if (at == literal.length()) {
                    throw malformed();
                }
            } else if (peek() != '/' && at < literal.length()) {
                throw malformed();
            }
        }
        if (gap >= 0 ? groups == GROUPS : groups != GROUPS) {
            throw malformed();
        }
        if (gap >= 0) {
            int after = 16 * (groups - gap);
            BigInteger head = address.shiftRight(after);
            BigInteger tail = address.subtract(head.shiftLeft(after));
            address = head.shiftLeft(16 * (GROUPS - gap)).add(tail);
        }
        return new Inet(6, address, bits);
    }

    private long embeddedFour() {
        long address = 0;
        for (int octets = 0; octets < 4; octets++) {
            if (octets > 0) {
                if (peek() != '.') {
                    throw new NotExact("an address that ends in fewer than four octets");
                }
                at++;
            }
            int from = at;
            int octet = 0;
            while (Blanks.isDigit(peek())) {
                if (at > from && octet == 0) {
                    throw malformed();
                }
                octet = octet * 10 + literal.charAt(at++) - '0';
                if (octet > 255) {
                    throw malformed();
                }
            }
            if (at == from) {
                throw new NotExact("an address that ends in fewer than four octets");
            }
            address = address << 8 | octet;
        }
        return address;
    }

    /** With the longest run of zeros left out, and the last 32 bits as octets where they are an IPv4 address. */
    static String printSix(BigInteger address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = address.shiftRight(16 * (GROUPS - 1 - i)).intValue() & 0xFFFF;
        }
        int gap = -1;
        int gapLength = 1;
        int run = 0;
        for (int i = 0; i < GROUPS; i++) {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > gapLength) {
                gapLength = run;
                gap = i - run + 1;
            }
        }
        boolean four = gap == 0
                && (gapLength == 6 || (gapLength == 7 && groups[7] != 1) || (gapLength == 5 && groups[5] == 0xFFFF));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (gap >= 0 && i >= gap && i < gap + gapLength) {
                text.append(i == gap ? ":" : "");
            } else {
                text.append(i == 0 ? "" : ":");
                if (four && i == 6) {
                    return text.append(Inet.octets(address.intValue())).toString();
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.append(gap >= 0 && gap + gapLength == GROUPS ? ":" : "").toString();
    }
}
