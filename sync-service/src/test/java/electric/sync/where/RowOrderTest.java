package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may order a subset: WHERE-049, HTTP-244, HTTP-247. */
class RowOrderTest {
    private static final Table TABLE = new Table(
            1,
            new RelationName("public", "items"),
            false,
            Stream.of("id", "name", "camelCase", "secret")
                    .map(name -> new Table.Column(
                            name,
                            25,
                            -1,
                            "text",
                            0,
                            false,
                            Table.Generated.NO,
                            -1,
                            new ValueType.BuiltIn("text"),
                            null))
                    .toList(),
            List.of());

    private static String sql(String text) throws InvalidWhere {
        return RowOrder.of(text, TABLE, name -> !name.equals("secret"))
                .map(RowOrder::sql)
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id | \"id\" ASC",
                "ID desc | \"id\" DESC",
                "name nulls first, id | \"name\" ASC NULLS FIRST, \"id\" ASC",
                "\"camelCase\" DESC NULLS LAST | \"camelCase\" DESC NULLS LAST",
                "((id)), name asc | \"id\" ASC, \"name\" ASC",
                "id using > | \"id\" DESC",
                "id using operator(pg_catalog.<) nulls last | \"id\" ASC NULLS LAST",
                "id /* by number */ desc -- the latest | \"id\" DESC",
            })
    void isWrittenFromItsNames(String text, String expected) throws InvalidWhere {
        assertThat(sql(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id+1 | At location 20: A_Expr expressions are not allowed in ORDER BY clauses",
                "id, lower(name) | At location 22: FuncCall expressions are not allowed in ORDER BY clauses",
                "(SELECT 1) | At location 18: SubLink expressions are not allowed in ORDER BY clauses",
                "name COLLATE \"C\" | At location 23: CollateClause expressions are not allowed in ORDER BY clauses",
                "id IS NULL | At location 21: NullTest expressions are not allowed in ORDER BY clauses",
                "1 | At location 18: A_Const expressions are not allowed in ORDER BY clauses",
                "id, 'x' | At location 22: A_Const expressions are not allowed in ORDER BY clauses",
                "$1 | At location 18: parameter $1 is not supported in ORDER BY clauses",
                "nothing | At location 18: unknown reference nothing",
                "secret | At location 18: unknown reference secret",
                "camelcase, \"Camel\" | At location 18: unknown reference camelcase",
                "items.id | At location 18: unknown reference items.id",
                "\"Items\".id | At location 18: unknown reference \"Items\".id",
                "items.* | At location 18: A_Star expressions are not allowed in ORDER BY clauses",
                "ctid | At location 18: unknown reference ctid",
                "id; drop table items | Unexpected `;` in order by",
                "id; | Unexpected `;` in order by",
                "id desc limit 1 | malformed query ending with SQL clauses",
                "id offset 3 | malformed query ending with SQL clauses",
                "id fetch first row only | malformed query ending with SQL clauses",
                "id for update | malformed query ending with SQL clauses",
                "id union select 2 | malformed query ending with SQL clauses",
                "id using ~ | At location 21: USING ~ is not supported in ORDER BY clauses",
                "id id | At location 21: syntax error at or near \"id\"",
                "id, | At location 21: syntax error at end of input",
                "-- id | At location 23: syntax error at end of input",
            })
    void refusesWhateverIsNoColumn(String text, String message) {
        assertThatThrownBy(() -> sql(text))
                .isInstanceOfSatisfying(
                        InvalidWhere.class,
                        invalid -> assertThat(invalid.message()).isEqualTo(message));
    }

    @Test
    @DisplayName("a cast is refused at its type")
    void refusesCasts() {
        assertThatThrownBy(() -> sql("id::text"))
                .isInstanceOfSatisfying(
                        InvalidWhere.class,
                        invalid -> assertThat(invalid.message())
                                .endsWith("TypeName expressions are not allowed in ORDER BY clauses"));
    }

    @Test
    void nothingButBlanksIsNoOrder() throws InvalidWhere {
        assertThat(sql(" \t\n")).isEmpty();
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> sql("id,".repeat(30_000)))
                .isInstanceOfSatisfying(
                        InvalidWhere.class,
                        invalid -> assertThat(invalid.message()).contains("bigger than maximum size"));
        assertThatThrownBy(() -> sql("(".repeat(10_000))).isInstanceOf(InvalidWhere.class);
    }
}
