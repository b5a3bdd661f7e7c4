package electric.sync.where;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The extensions of inet, cidr and macaddr. */
final class NetworkRoutinesTest {
    private static final int CALLS = 400;
    private static final List<String> ADDRESSES = List.of(
            "10.0.0.1",
            "10.0.0.0/8",
            "10.0.0.1/8",
            "10.1.2.3/16",
            "192.168.1.0/24",
            "192.168.1.5",
            "192.168.1.80/28",
            "192.168.1.43",
            "0.0.0.0/0",
            "0.0.0.0",
            "255.255.255.255",
            "255.255.255.255/0",
            "::1",
            "::/0",
            "fe80::1/64",
            "fe80::2/64",
            "::ffff:10.0.0.1",
            "::ffff:fff0:1",
            "2001:db8::/32",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    private static final List<String> NETWORKS =
            List.of("10.0.0.0/8", "192.168.1.0/24", "192.168.1.5/32", "0.0.0.0/0", "fe80::/64", "::1/128");
    private static final List<String> COUNTS =
            List.of("0", "1", "-1", "200", "-36", "9223372036854775807", "-9223372036854775808");
    private static final List<String> LENGTHS = List.of("-1", "0", "8", "24", "32", "33", "64", "128", "129", "-2");

    private final RoutineAgreement agreement = new RoutineAgreement();

    @Test
    void areRelatedAsPostgres() {
        for (String name : List.of("network_sub", "network_subeq", "network_sup", "network_supeq", "network_overlap")) {
            agreement.calls(name + "(inet,inet)", ">bool", CALLS, List.of(ADDRESSES, ADDRESSES));
        }
        agreement.holds(0);
    }

    @Test
    void tellTheirPartsAsPostgres() {
        for (String address : ADDRESSES) {
            agreement
                    .call("host(inet)", ">text", List.of(address))
                    .call("text(inet)", ">text", List.of(address))
                    .call("abbrev(inet)", ">text", List.of(address))
                    .call("masklen(inet)", ">int4", List.of(address))
                    .call("family(inet)", ">int4", List.of(address))
                    .call("network(inet)", ">cidr", List.of(address))
                    .call("cidr(inet)", ">cidr", List.of(address))
                    .call("broadcast(inet)", ">inet", List.of(address))
                    .call("netmask(inet)", ">inet", List.of(address))
                    .call("hostmask(inet)", ">inet", List.of(address))
                    .call("inetnot(inet)", ">inet", List.of(address));
        }
        agreement
                .calls("set_masklen(inet,int4)", ">inet", CALLS, List.of(ADDRESSES, LENGTHS))
                .calls("set_masklen(cidr,int4)", ">cidr", CALLS, List.of(NETWORKS, LENGTHS))
                .holds(0);
    }

    @Test
    void areCalculatedWithAsPostgres() {
        agreement
                .calls("inetand(inet,inet)", ">inet", CALLS, List.of(ADDRESSES, ADDRESSES))
                .calls("inetor(inet,inet)", ">inet", CALLS, List.of(ADDRESSES, ADDRESSES))
                .calls("inetmi(inet,inet)", ">int8", CALLS, List.of(ADDRESSES, ADDRESSES))
                .calls("inetpl(inet,int8)", ">inet", CALLS, List.of(ADDRESSES, COUNTS))
                .calls("inetmi_int8(inet,int8)", ">inet", CALLS, List.of(ADDRESSES, COUNTS))
                .calls("int8pl_inet(int8,inet)", ">inet", CALLS, List.of(COUNTS, ADDRESSES))
                .holds(0.02);
    }

    @Test
    void hardwareAddressesAreAsPostgres() {
        List<String> hardware =
                List.of("08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "f7:ff:d4:fe:fd:fb");
        agreement
                .calls("macaddr_and(macaddr,macaddr)", ">macaddr", 20, List.of(hardware, hardware))
                .calls("macaddr_or(macaddr,macaddr)", ">macaddr", 20, List.of(hardware, hardware))
                .calls("macaddr_not(macaddr)", ">macaddr", 10, List.of(hardware))
                .calls("trunc(macaddr)", ">macaddr", 10, List.of(hardware))
                .holds(0);
    }
}
