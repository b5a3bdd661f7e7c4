package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TableSchemaTest {
    private static final String DECLARATIONS = """
            SMALLINT => {"type":"int2"}
            INT2 => {"type":"int2"}
            INTEGER => {"type":"int4"}
            BIGINT => {"type":"int8"}
            SERIAL => {"type":"int4","not_null":true}
            REAL => {"type":"float4"}
            DOUBLE PRECISION => {"type":"float8"}
            NUMERIC => {"type":"numeric"}
            NUMERIC(5) => {"type":"numeric","precision":5,"scale":0}
            NUMERIC(5,3) => {"type":"numeric","precision":5,"scale":3}
            NUMERIC(5,3)[] => {"type":"numeric","dims":1,"precision":5,"scale":3}
            MONEY => {"type":"money"}
            BOOLEAN => {"type":"bool"}
            BYTEA => {"type":"bytea"}
            UUID => {"type":"uuid"}
            XML => {"type":"xml"}
            JSON => {"type":"json"}
            JSONB => {"type":"jsonb"}
            JSONPATH => {"type":"jsonpath"}
            TEXT => {"type":"text"}
            VARCHAR => {"type":"varchar"}
            VARCHAR(123) => {"type":"varchar","max_length":123}
            VARCHAR(123)[][] => {"type":"varchar","max_length":123,"dims":2}
            CHAR => {"type":"bpchar","length":1}
            CHARACTER[] => {"type":"bpchar","dims":1,"length":1}
            BPCHAR => {"type":"bpchar"}
            BPCHAR(9) => {"type":"bpchar","length":9}
            "char" => {"type":"char"}
            BIT => {"type":"bit","length":1}
            BIT(5)[] => {"type":"bit","dims":1,"length":5}
            BIT VARYING(5) => {"type":"varbit","length":5}
            BIT VARYING => {"type":"varbit","length":-1}
            DATE => {"type":"date"}
            TIME => {"type":"time"}
            TIME(3) => {"type":"time","precision":3}
            TIMETZ(3) => {"type":"timetz","precision":3}
            TIMESTAMP => {"type":"timestamp"}
            TIMESTAMP(3) => {"type":"timestamp","precision":3}
            TIMESTAMPTZ(3) => {"type":"timestamptz","precision":3}
            TIMESTAMP(0) => {"type":"timestamp","type_mod":0}
            INTERVAL => {"type":"interval"}
            INTERVAL YEAR => {"type":"interval","fields":"YEAR"}
            INTERVAL YEAR TO MONTH => {"type":"interval","fields":"YEAR TO MONTH"}
            INTERVAL DAY TO SECOND => {"type":"interval","fields":"DAY TO SECOND"}
            INTERVAL(4) => {"type":"interval","precision":4}
            INTERVAL SECOND(4)[] => {"type":"interval","dims":1,"precision":4,"fields":"SECOND"}
            INTERVAL MINUTE TO SECOND[][] => {"type":"interval","dims":2,"fields":"MINUTE TO SECOND"}
            POINT => {"type":"point"}
            LINE => {"type":"line"}
            POLYGON => {"type":"polygon"}
            INET => {"type":"inet"}
            CIDR => {"type":"cidr"}
            MACADDR8 => {"type":"macaddr8"}
            INT4RANGE => {"type":"int4range"}
            TSTZMULTIRANGE => {"type":"tstzmultirange"}
            TSVECTOR => {"type":"tsvector"}
            TSQUERY => {"type":"tsquery"}
            PG_LSN => {"type":"pg_lsn"}
            OID => {"type":"oid"}
            REGCLASS => {"type":"regclass"}
            mood => {"type":"mood"}
            mood[] => {"type":"mood","dims":1}
            complex[] => {"type":"complex","dims":1}
            complex => {"type":"complex"}
            posint => {"type":"posint"}
            posint[] => {"type":"posint","dims":1}
            TEXT NOT NULL => {"type":"text","not_null":true}
            """;

    private final JsonMapper json = JsonMapper.shared();

    @Test
    void describesEveryDeclaredType() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        List<String> columns = new ArrayList<>();
        DECLARATIONS.lines().forEach(line -> {
            String[] parts = line.split(" => ", 2);
            String column = "c" + columns.size();
            columns.add(column + " " + parts[0]);
            expected.put(column, parts[1]);
        });
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        postgres.sql(
                database,
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TYPE complex AS (r float8, i float8)",
                "CREATE DOMAIN posint AS int CHECK (VALUE > 0)",
                "CREATE TABLE everything (" + String.join(", ", columns) + ")");

        JsonNode schema = schema(postgres, database, "everything");

        expected.forEach((column, description) ->
                assertThat(schema.get(column)).as(column).isEqualTo(json.readTree(description)));
        assertThat(schema.size()).isEqualTo(expected.size());
    }

    @Test
    void describesKeysInTheOrderOfTheKey() throws Exception {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        postgres.sql(
                database,
                "CREATE TABLE keyed (a int, \"B \"\"ö\" text, extra int, c numeric(3,1), PRIMARY KEY (c, a) INCLUDE (extra))",
                "CREATE TABLE undeclared AS SELECT ARRAY[1] AS list");

        assertThat(schema(postgres, database, "keyed")).isEqualTo(json.readTree("""
                                {"a":{"type":"int4","pk_index":1,"not_null":true},
                                 "B \\"ö":{"type":"text"},
                                 "extra":{"type":"int4"},
                                 "c":{"type":"numeric","precision":3,"scale":1,"pk_index":0,"not_null":true}}"""));
        assertThat(schema(postgres, database, "undeclared")
                        .get("list")
                        .get("type")
                        .asString())
                .isIn("_int4", "int4");
    }

    @Test
    void showsANegativeScaleAsClientsKnowIt() {
        // numeric(3,-2), which Postgres knows from 15 on
        Table.Column column = new Table.Column(
                "n",
                1700,
                (3 << 16 | (-2 & 0x7FF)) + 4,
                "numeric",
                0,
                false,
                Table.Generated.NO,
                -1,
                new ValueType.BuiltIn("numeric"),
                null);
        Table table = new Table(1, new RelationName("public", "t"), false, List.of(column), List.of());

        assertThat(TableSchema.json(table, List.of("n")))
                .isEqualTo("{\"n\":{\"type\":\"numeric\",\"precision\":3,\"scale\":2046}}");
    }

    @Test
    void describesOnlyTheSelectedColumnsAndIsCompact() throws Exception {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        postgres.sql(database, "CREATE TABLE t (id int PRIMARY KEY, secret text, body text)");

        assertThat(TableSchema.json(table(postgres, database, "t"), List.of("id", "body")))
                .isEqualTo(
                        "{\"id\":{\"type\":\"int4\",\"pk_index\":0,\"not_null\":true},\"body\":{\"type\":\"text\"}}");
    }

    private JsonNode schema(TestPostgres postgres, String database, String name) throws Exception {
        Table table = table(postgres, database, name);
        return json.readTree(TableSchema.json(
                table, table.columns().stream().map(Table.Column::name).toList()));
    }

    private static Table table(TestPostgres postgres, String database, String name) {
        Catalog catalog = new Catalog(() -> DriverManager.getConnection(postgres.jdbcUrl(database)), Runnable::run);
        return catalog.tableNow(new RelationName("public", name)).orElseThrow();
    }
}
