package electric.sync.value;

import java.util.regex.Pattern;

/** macaddr: 48 bits. */
public final class MacAddress {
    private static final Pattern WRITTEN = Pattern.compile("""
            ([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\
            |([0-9a-fA-F]{2}-){5}[0-9a-fA-F]{2}\
            |[0-9a-fA-F]{6}[:-]?[0-9a-fA-F]{6}\
            |[0-9a-fA-F]{4}\\.[0-9a-fA-F]{4}\\.[0-9a-fA-F]{4}\
            |[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}\
            """);
    private static final long ALL = 0xFFFF_FFFF_FFFFL;

    private MacAddress() {}

    /** In one of the forms that are usual; what else Postgres may understand is refused. */
    public static long input(String literal) {
        String text = Blanks.trim(literal);
        if (!WRITTEN.matcher(text).matches()) {
            throw new NotExact("a hardware address in an unusual form");
        }
        return Long.parseLong(text.replaceAll("[:.-]", ""), 16);
    }

    /** Of Postgres's output. */
    public static long parse(byte[] bytes, int from, int length) {
        return input(Output.text(bytes, from, length));
    }

    public static String print(long address) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (address >> shift) & 255;
            text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
            text.append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }

    public static long not(long address) {
        return ~address & ALL;
    }

    /** With its last three octets zero. */
    public static long trunc(long address) {
        return address & 0xFFFF_FF00_0000L;
    }
}
