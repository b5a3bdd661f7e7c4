package electric.sync.value;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The extensions inet, cidr and macaddr. */
final class InetTest {
    private static final List<String> LITERALS = List.of(
            "10.0.0.1",
            "10.0.0.1/32",
            "10.0.0.1/24",
            "192.168.1.5",
            "192.168.1.0/24",
            "192.168.0.0/16",
            "10/8",
            "10.0/8",
            "10.1/15",
            "10.1.2",
            "10",
            "128",
            "192",
            "224",
            "224.1",
            "240",
            "0.0.0.0/0",
            "0/0",
            "255.255.255.255",
            "256.1.1.1",
            "1.2.3.4.5",
            "1.2.3.4.",
            "1..2.3",
            "1.2.3.",
            "01.02.03.04",
            "1.2.3.4/",
            "1.2.3.4/33",
            "1.2.3.4/032",
            "1.2.3/32",
            "1.2.3/24",
            "1.2.3.4/24x",
            " 1.2.3.4",
            "1.2.3.4 ",
            "",
            ".1",
            "::",
            "::1",
            "::/0",
            "1::",
            "fe80::1/64",
            "2001:db8::/32",
            "2001:db8:0:0:1:0:0:1",
            "2001:db8::1:0:0:1",
            "2001:DB8::A",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::",
            "1::2::3",
            ":1",
            "1:",
            ":::",
            "12345::",
            "g::",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "::ffff:10.0.0.1/96",
            "::fff0:1",
            "::ffff:fff0:1",
            "::ffff:256.1.1.1",
            "::1.2.3",
            "::01.2.3.4",
            "::1/128",
            "::1/129",
            "::1/08",
            "::1/",
            "0:0:0:0:0:0:0:0",
            "0:0:1:0:0:0:1:0",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
            "1:0:0:2::",
            "1::4:0:0:7:8");
    private static final String ALPHABET = "0123456789.:/af ";

    @Test
    void inetIsReadAndWrittenAsPostgres() {
        Agreement.onLiterals(PgType.INET, Agreement.withMutants(LITERALS, 6000, ALPHABET), 0.02);
    }

    @Test
    void cidrIsReadAndWrittenAsPostgres() {
        Agreement.onLiterals(PgType.CIDR, Agreement.withMutants(LITERALS, 6000, ALPHABET), 0.02);
    }

    @Test
    void areOrderedAsPostgres() {
        Agreement.onOrder(PgType.INET, Agreement.withMutants(LITERALS, 1000, ALPHABET), 5000);
        Agreement.onOrder(PgType.CIDR, Agreement.withMutants(LITERALS, 1000, ALPHABET), 2000);
    }

    private static final List<String> HARDWARE = List.of(
            "08:00:2b:01:02:03",
            "08-00-2b-01-02-03",
            "08002b:010203",
            "08002b-010203",
            "0800.2b01.0203",
            "0800-2b01-0203",
            "08002b010203",
            "FF:ff:FF:ff:FF:ff",
            "00:00:00:00:00:00",
            " 08:00:2b:01:02:03 ",
            "08:00:2b:01:02",
            "08:00:2b:01:02:03:04",
            "zz:00:2b:01:02:03",
            "7f:ff:ff:ff:ff:ff",
            "80:00:00:00:00:00");

    @Test
    void macaddrIsReadWrittenAndOrderedAsPostgres() {
        Agreement.onLiterals(PgType.MACADDR, Agreement.withMutants(HARDWARE, 1000, "0123456789abcdef:-."), 0.4);
        Agreement.onOrder(PgType.MACADDR, HARDWARE, 300);
    }
}
