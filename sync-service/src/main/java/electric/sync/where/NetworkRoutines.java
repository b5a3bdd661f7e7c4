package electric.sync.where;

import electric.sync.value.Inet;
import electric.sync.value.MacAddress;

/** Functions of network addresses. */
final class NetworkRoutines {
    private NetworkRoutines() {}

    static void addTo(Implementations all) {
        networks(all);
        parts(all);
        arithmetic(all);
        hardware(all);
    }

    private static void networks(Implementations all) {
        all.two("network_sub(inet,inet)", Inet::isWithin);
        all.two("network_subeq(inet,inet)", Inet::isWithinOrEqual);
        all.two("network_sup(inet,inet)", (Inet a, Inet b) -> b.isWithin(a));
        all.two("network_supeq(inet,inet)", (Inet a, Inet b) -> b.isWithinOrEqual(a));
        all.two("network_overlap(inet,inet)", Inet::overlaps);
    }

    private static void parts(Implementations all) {
        all.one("host(inet)", Inet::host);
        all.one("text(inet)", Inet::printCidr);
        all.one("abbrev(inet)", Inet::print);
        all.one("masklen(inet)", (Inet inet) -> (long) inet.bits());
        all.one("family(inet)", (Inet inet) -> (long) inet.family());
        all.one("network(inet)", Inet::network);
        all.one("cidr(inet)", Inet::network);
        all.one("broadcast(inet)", Inet::broadcast);
        all.one("netmask(inet)", Inet::netmask);
        all.one("hostmask(inet)", Inet::hostmask);
        all.two("set_masklen(inet,int4)", (Inet inet, Long bits) -> inet.withBits(bits.intValue()));
        all.two(
                "set_masklen(cidr,int4)",
                (Inet inet, Long bits) -> inet.withBits(bits.intValue()).network());
    }

    private static void arithmetic(Implementations all) {
        all.one("inetnot(inet)", Inet::not);
        all.two("inetand(inet,inet)", Inet::and);
        all.two("inetor(inet,inet)", Inet::or);
        all.two("inetpl(inet,int8)", Inet::add);
        all.two("int8pl_inet(int8,inet)", (Long count, Inet inet) -> inet.add(count));
        all.two("inetmi_int8(inet,int8)", Inet::subtract);
        all.two("inetmi(inet,inet)", Inet::distance);
    }

    private static void hardware(Implementations all) {
        all.two("macaddr_and(macaddr,macaddr)", (Long a, Long b) -> a & b);
        all.two("macaddr_or(macaddr,macaddr)", (Long a, Long b) -> a | b);
        all.one("macaddr_not(macaddr)", MacAddress::not);
        all.one("trunc(macaddr)", MacAddress::trunc);
    }
}
