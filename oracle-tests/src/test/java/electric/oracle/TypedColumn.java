package electric.oracle;

import java.util.List;

/** A column type and the values that tell whether it is written right, as one would type them. */
record TypedColumn(String name, String type, List<String> samples) {
    /** What the types below need. */
    static final List<String> PREPARATION = List.of(
            "CREATE EXTENSION hstore",
            "CREATE EXTENSION citext",
            "CREATE EXTENSION ltree",
            "CREATE TYPE mood AS ENUM ('happy', 'so so', 'it''s \"bad\"')",
            "CREATE TYPE complex AS (r float8, i float8)",
            "CREATE TYPE named AS (name text, born date, moods mood[])",
            "CREATE DOMAIN posint AS int CHECK (VALUE > 0)",
            "CREATE DOMAIN code AS char(4)",
            "CREATE DOMAIN points AS point[]",
            "CREATE TYPE textrange AS RANGE (subtype = text)");

    static final List<TypedColumn> ALL = List.of(
            column("int2", "-32768", "0", "32767"),
            column("int4", "-2147483648", "2147483647"),
            column("int8", "-9223372036854775808", "9223372036854775807"),
            column("oid", "0", "4294967295"),
            column(
                    "float4",
                    "4.5",
                    "1e20",
                    "1e-7",
                    "-0",
                    "Infinity",
                    "-Infinity",
                    "NaN",
                    "3.4028235e38",
                    "1e-45",
                    "0.1"),
            column(
                    "float8",
                    "4.5",
                    "1e20",
                    "1e-7",
                    "-0",
                    "Infinity",
                    "-Infinity",
                    "NaN",
                    "1.7976931348623157e308",
                    "5e-324",
                    "0.1",
                    "123456789012345678"),
            column(
                    "numeric",
                    "1.50",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "0.0000000000000000000000000000001",
                    "1e100",
                    "-0.0"),
            column("numeric(8,3)", "1.5", "-99999.9985", "NaN"),
            column("bool", "true", "false"),
            column(
                    "text",
                    "",
                    "plain",
                    "NULL",
                    "\\N",
                    "\\.",
                    "a/b//c",
                    "\"quoted\" 'too' \\ back",
                    "tab\t line\n return\r feed\f back\b",
                    "\u0001 \u001f \u007f \u0085 \u2028 \u2029",
                    "grüße Ελλάδα 日本 \ud83d\ude00 e\u0301",
                    "</script>"),
            column("varchar", "verbatim  "),
            column("varchar(12)", "padded not  "),
            column("char(5)", "ab", "", "a/b", "äöü"),
            column("char", "x"),
            column("bpchar", "ab  ", ""),
            column("\"char\"", "x", ""),
            column("name", "a_name"),
            column("uuid", "721AE036-E620-43EE-A3ED-1AA3BB98E661"),
            column("bytea", "\\x", "\\x0001ff5c", "\\x2f"),
            column("date", "2024-02-29", "infinity", "-infinity", "0044-03-15 BC", "5874897-12-31"),
            column("time", "10:34:56.5", "24:00:00", "00:00"),
            column("time(3)", "10:34:56.123456"),
            column("timetz", "10:34:56.5+02", "10:34:56-09:30"),
            column("timestamp", "2024-02-29 10:34:56.5", "infinity", "0044-03-15 BC", "294276-12-31 23:59:59.999999"),
            column("timestamp(0)", "2024-02-29 10:34:56.5"),
            column("timestamptz", "2024-02-29 10:34:56.5+05:30", "-infinity", "0044-03-15 00:00+00 BC"),
            column(
                    "interval",
                    "P1Y2M3DT4H5M6.789S",
                    "0",
                    "-1 day -2 hours",
                    "1 mon -1 day 00:00:00.000001",
                    "-178000000 years"),
            column("interval day to second(2)", "1 day 2:03:04.567"),
            column("json", "{\"b\":1,  \"a\":[1,2.50], \"a\":null}", "null", "\"x\\u0041\""),
            column("jsonb", "{\"b\":1,  \"a\":[1,2.50], \"a\":null}", "null", "\"x\\u0041\\n\""),
            column("jsonpath", "$.a[*] ? (@.b > 1)"),
            column("xml", "<a b=\"c\">d &amp; e</a>"),
            column("money", "12.34", "-1234567.89"),
            column("bit(5)", "10101"),
            column("bit", "1"),
            column("bit varying", "", "101"),
            column("bit varying(5)", "101"),
            column("inet", "192.168.1.5", "192.168.1.5/24", "::1", "::1/64", "192.168.1.5/32"),
            column("cidr", "192.168.1.0/24", "10.0.0.1/32", "2001:db8::/32"),
            column("macaddr", "08-00-2B-01-02-03"),
            column("macaddr8", "08:00:2b:01:02:03:04:05"),
            column("point", "(1.5,-0)", "(Infinity,NaN)"),
            column("line", "{1,2,3}"),
            column("lseg", "[(0,0),(1,1e20)]"),
            column("box", "(1,1),(0,0)"),
            column("path", "[(0,0),(1,1)]", "((0,0),(1,1))"),
            column("polygon", "((0,0),(1,1),(2,0))"),
            column("circle", "<(1,2),3.5>"),
            column("int4range", "[1,5]", "empty", "(,)"),
            column("numrange", "(1.50,2)"),
            column("daterange", "[2024-02-29,infinity)"),
            column("tstzrange", "[2024-02-29 10:00+05:30,)"),
            column("textrange", "[\"a,b\",\"c\"\"d\")"),
            column("int4multirange", "{[1,3),[7,9)}", "{}"),
            column("tsvector", "a:1 b:2A 'it''s':3", ""),
            column("tsquery", "fat & (rat | cat:*)"),
            column("pg_lsn", "16/B374D848"),
            column("xid8", "18446744073709551615"),
            column("pg_snapshot", "10:20:10,14"),
            column("regtype", "character varying"),
            column("regclass", "pg_class"),
            column("int2vector", "1 2 3"),
            column("mood", "happy", "so so", "it's \"bad\""),
            column("complex", "(1.1,2.2)", "(,)", "(-0,NaN)"),
            column("named", "(\"O\"\"Hara, J.\",2024-02-29,\"{happy,\"\"so so\"\"}\")", "(\"\",,)"),
            column("posint", "7"),
            column("code", "ab"),
            column("points", "{\"(1,2)\",\"(3,4)\"}"),
            column("hstore", "\"a b\"=>\"1\", c=>NULL", ""),
            column("citext", "MiXed"),
            column("ltree", "Top.Science"),
            column("int4[]", "{1,NULL,3}", "{{1,2},{3,4}}", "{}", "[0:2]={1,2,3}"),
            column("text[]", "{\"a b\",c,\"NULL\",NULL,\"\"}", "{\"quote\\\" back\\\\ comma,\"}"),
            column("bool[]", "{true,false,NULL}"),
            column("float8[]", "{Infinity,-Infinity,NaN,-0,1e20}"),
            column("numeric(5,3)[]", "{1.5,NaN}"),
            column("char(3)[]", "{a,bc}"),
            column("bytea[]", "{\"\\\\x0001ff\",\"\\\\x\"}"),
            column("timestamptz[]", "{\"2024-02-29 10:34:56.5+05:30\",infinity}"),
            column("interval[]", "{\"1 day\",\"2 hours\"}"),
            column("jsonb[]", "{\"{\\\"foo\\\": \\\"bar\\\"}\",null}"),
            column("mood[]", "{happy,\"so so\"}"),
            column("complex[]", "{\"(1.1,2.2)\",NULL}"),
            column("posint[]", "{1,2}"),
            column("inet[]", "{192.168.1.5,10.0.0.0/8}"),
            column("int4range[]", "{\"[1,5)\",empty}"));

    private static TypedColumn column(String type, String... samples) {
        return new TypedColumn("as " + type, type, List.of(samples));
    }

    static int rows() {
        return ALL.stream().mapToInt(column -> column.samples().size()).max().orElseThrow() + 1;
    }

    /** Its literal in one of the rows; the last row has none but nulls. */
    String literal(int row) {
        return row < samples.size() ? "'" + samples.get(row).replace("'", "''") + "'" : "NULL";
    }

    String definition() {
        return quotedName() + " " + type;
    }

    String quotedName() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
