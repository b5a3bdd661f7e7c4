package electric.sync.where;

import electric.sync.where.ParsedExpr.Column;
import electric.sync.where.ParsedSelect.Source;
import electric.sync.where.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code SELECT} and its clauses: checked as Postgres checks them, kept as far as {@link ParsedSelect} says. */
final class SelectParser {
    private static final Set<String> AFTER_COLUMNS = Set.of(
            "into",
            "from",
            "where",
            "group",
            "having",
            "window",
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            ")",
            ";");
    private static final Set<String> LOCKS = Set.of("update", "share", "no", "key");

    private final Tokens tokens;
    private final ExprParser expressions;
    private final CallParser calls;
    private final TypeParser types;

    SelectParser(Tokens tokens, ExprParser expressions, CallParser calls, TypeParser types) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.calls = calls;
        this.types = types;
    }

    /** At the word that begins a select without parentheses. */
    boolean atStart() throws InvalidWhere {
        return tokens.at("select")
                || tokens.at("table")
                || tokens.at("with")
                || tokens.at(Tokens.WITH_BEFORE_TIME)
                || (tokens.at("values") && tokens.second().is("("));
    }

    /** At what begins a select that is a statement. */
    boolean atStatement() throws InvalidWhere {
        return tokens.at("select") || tokens.at("table") || tokens.at("values") || tokens.at("(");
    }

    /** At a word that may follow a select in parentheses and makes a longer one of it. */
    boolean atContinuation() throws InvalidWhere {
        return atSetOperator()
                || tokens.at("order")
                || tokens.at("limit")
                || tokens.at("offset")
                || tokens.at("fetch")
                || tokens.at("for");
    }

    private boolean atSetOperator() throws InvalidWhere {
        return tokens.at("union") || tokens.at("intersect") || tokens.at("except");
    }

    /** A select in one or more parentheses. */
    ParsedSelect inParentheses() throws InvalidWhere {
        tokens.enter();
        tokens.expect("(");
        ParsedSelect select;
        if (tokens.at("(")) {
            select = inParentheses();
            if (atContinuation()) {
                select = continued(select);
            }
        } else {
            select = select();
        }
        tokens.expect(")");
        tokens.leave();
        return select;
    }

    ParsedSelect select() throws InvalidWhere {
        tokens.enter();
        int position = tokens.peek().start();
        boolean with = tokens.at("with") || tokens.at(Tokens.WITH_BEFORE_TIME);
        if (with) {
            with();
        }
        ParsedSelect select = continued(setOperand());
        tokens.leave();
        return with ? new ParsedSelect(select.columns(), select.from(), select.where(), true, position) : select;
    }

    /** What may follow a complete select. */
    ParsedSelect continued(ParsedSelect first) throws InvalidWhere {
        ParsedSelect select = first;
        if (setOperations()) {
            select = new ParsedSelect(List.of(), List.of(), Optional.empty(), false, first.position());
        }
        return orderAndLimit() ? select.withFurtherClauses() : select;
    }

    /** What may follow the filter of a whole statement; false if there was nothing. */
    boolean clausesAfterFilter() throws InvalidWhere {
        boolean grouped = groupHavingWindow();
        boolean combined = setOperations();
        boolean limited = orderAndLimit();
        return grouped || combined || limited;
    }

    private boolean setOperations() throws InvalidWhere {
        boolean any = atSetOperator();
        while (atSetOperator()) {
            tokens.next();
            quantifier();
            setOperand();
        }
        return any;
    }

    private void quantifier() throws InvalidWhere {
        if (!tokens.take("all")) {
            tokens.take("distinct");
        }
    }

    private ParsedSelect setOperand() throws InvalidWhere {
        if (tokens.at("(")) {
            return inParentheses();
        }
        Token first = tokens.peek();
        int position = first.start();
        if (tokens.take("select")) {
            return simple(position);
        }
        if (tokens.take("table")) {
            Source table = relation();
            return new ParsedSelect(
                    List.of(new Column(List.of(), true, position)), List.of(table), Optional.empty(), false, position);
        }
        if (tokens.take("values")) {
            do {
                tokens.expect("(");
                expressions.list();
                tokens.expect(")");
            } while (tokens.take(","));
            return new ParsedSelect(List.of(), List.of(), Optional.empty(), false, position);
        }
        throw tokens.unexpected();
    }

    private ParsedSelect simple(int position) throws InvalidWhere {
        boolean distinct = tokens.take("distinct");
        if (distinct && tokens.take("on")) {
            tokens.expect("(");
            expressions.list();
            tokens.expect(")");
        } else if (!distinct) {
            tokens.take("all");
        }
        List<ParsedExpr> columns = new ArrayList<>();
        if (distinct || !isAfterColumns(tokens.peek())) {
            do {
                columns.add(column());
            } while (tokens.take(","));
        }
        boolean into = into();
        List<Source> from = new ArrayList<>();
        if (tokens.take("from")) {
            do {
                from.add(joined());
            } while (tokens.take(","));
        }
        Optional<ParsedExpr> where = tokens.take("where") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean grouped = groupHavingWindow();
        return new ParsedSelect(columns, from, where, distinct || into || grouped, position);
    }

    private static boolean isAfterColumns(Token token) {
        boolean word = token.kind() == Kind.KEYWORD || token.kind() == Kind.SYMBOL;
        return token.kind() == Kind.END || (word && AFTER_COLUMNS.contains(token.value()));
    }

    /** At a word that labels the column before it, and would be an operator elsewhere. */
    boolean atLabel() throws InvalidWhere {
        Token token = tokens.peek();
        return token.kind() == Kind.KEYWORD
                && Keywords.isBareLabel(token.value())
                && (tokens.second().is(",") || isAfterColumns(tokens.second()));
    }

    private ParsedExpr column() throws InvalidWhere {
        if (tokens.at("*")) {
            return new Column(List.of(), true, tokens.next().start());
        }
        ParsedExpr column = expressions.expressionBeforeLabel();
        Token label = tokens.peek();
        if (tokens.take("as")) {
            tokens.label();
        } else if (label.kind() == Kind.IDENTIFIER
                || (label.kind() == Kind.KEYWORD && Keywords.isBareLabel(label.value()))) {
            tokens.next();
        }
        return column;
    }

    private boolean into() throws InvalidWhere {
        if (!tokens.take("into")) {
            return false;
        }
        boolean temporary = tokens.at("temporary") || tokens.at("temp") || tokens.at("unlogged");
        if (temporary || tokens.at("local") || tokens.at("global")) {
            if (!temporary) {
                tokens.next();
            }
            tokens.next();
        }
        tokens.take("table");
        names();
        return true;
    }

    private boolean groupHavingWindow() throws InvalidWhere {
        boolean group = tokens.take("group");
        if (group) {
            tokens.expect("by");
            quantifier();
            groups();
        }
        boolean having = tokens.take("having");
        if (having) {
            expressions.expression();
        }
        boolean window = tokens.take("window");
        if (window) {
            do {
                tokens.columnName();
                tokens.expect("as");
                window();
            } while (tokens.take(","));
        }
        return group || having || window;
    }

    private void groups() throws InvalidWhere {
        do {
            if (tokens.at("(") && tokens.second().is(")")) {
                tokens.next();
                tokens.next();
            } else if ((tokens.at("cube") || tokens.at("rollup"))
                    && tokens.second().is("(")) {
                tokens.next();
                tokens.next();
                expressions.list();
                tokens.expect(")");
            } else if (tokens.at("grouping") && tokens.second().is("sets")) {
                tokens.next();
                tokens.next();
                tokens.expect("(");
                tokens.enter();
                groups();
                tokens.leave();
                tokens.expect(")");
            } else {
                expressions.expression();
            }
        } while (tokens.take(","));
    }

    /** A window in its parentheses. */
    void window() throws InvalidWhere {
        tokens.expect("(");
        boolean clause = tokens.at("partition") || atFrame();
        if (!clause && tokens.peek().isColumnName()) {
            tokens.next();
        }
        if (tokens.take("partition")) {
            tokens.expect("by");
            expressions.list();
        }
        if (tokens.at("order")) {
            orderBy();
        }
        if (atFrame()) {
            tokens.next();
            frame();
        }
        tokens.expect(")");
    }

    private boolean atFrame() throws InvalidWhere {
        return tokens.at("range") || tokens.at("rows") || tokens.at("groups");
    }

    private void frame() throws InvalidWhere {
        if (tokens.take("between")) {
            frameBound();
            tokens.expect("and");
            frameBound();
        } else {
            frameBound();
        }
        if (!tokens.take("exclude")) {
            return;
        }
        if (tokens.take("current")) {
            tokens.expect("row");
        } else if (tokens.take("no")) {
            tokens.expect("others");
        } else if (!tokens.take("group")) {
            tokens.expect("ties");
        }
    }

    private void frameBound() throws InvalidWhere {
        if (tokens.at("current") && tokens.second().is("row")) {
            tokens.next();
            tokens.next();
            return;
        }
        boolean unbounded = tokens.at("unbounded")
                && (tokens.second().is("preceding") || tokens.second().is("following"));
        if (unbounded) {
            tokens.next();
        } else {
            expressions.expression();
        }
        if (!tokens.take("preceding")) {
            tokens.expect("following");
        }
    }

    /** {@code ORDER BY} and what it orders by. */
    void orderBy() throws InvalidWhere {
        tokens.expect("order");
        tokens.expect("by");
        do {
            expressions.expression();
            if (tokens.take("using")) {
                if (!expressions.atOperator() && !tokens.at("operator")) {
                    throw tokens.unexpected();
                }
                expressions.operator();
            } else if (!tokens.take("asc")) {
                tokens.take("desc");
            }
            if (tokens.take(Tokens.NULLS_BEFORE_ORDER)) {
                tokens.next();
            }
        } while (tokens.take(","));
    }

    private boolean orderAndLimit() throws InvalidWhere {
        boolean ordered = tokens.at("order");
        if (ordered) {
            orderBy();
        }
        boolean locked = locks();
        boolean limited = limits();
        boolean lockedLater = !locked && locks();
        return ordered || locked || limited || lockedLater;
    }

    /** {@code LIMIT} (or {@code FETCH}) and {@code OFFSET}, in either order. */
    private boolean limits() throws InvalidWhere {
        boolean limit = limit();
        boolean offset = offset();
        boolean limitLater = !limit && offset && limit();
        return limit || offset || limitLater;
    }

    private boolean limit() throws InvalidWhere {
        if (tokens.at("limit")) {
            int position = tokens.next().start();
            if (!tokens.take("all")) {
                expressions.expression();
            }
            if (tokens.take(",")) {
                expressions.expression();
                throw tokens.errorAt(position, "LIMIT #,# syntax is not supported");
            }
            return true;
        }
        if (!tokens.take("fetch")) {
            return false;
        }
        if (!tokens.take("first")) {
            tokens.expect("next");
        }
        if (!tokens.at("row") && !tokens.at("rows")) {
            if (tokens.take("+") || tokens.take("-")) {
                if (!tokens.at(Kind.INTEGER)) {
                    tokens.expect(Kind.NUMBER);
                } else {
                    tokens.next();
                }
            } else {
                expressions.operand(true);
            }
        }
        if (!tokens.take("row")) {
            tokens.expect("rows");
        }
        if (!tokens.take("only")) {
            tokens.expect("with");
            tokens.expect("ties");
        }
        return true;
    }

    private boolean offset() throws InvalidWhere {
        if (!tokens.take("offset")) {
            return false;
        }
        expressions.expression();
        if (!tokens.take("row")) {
            tokens.take("rows");
        }
        return true;
    }

    private boolean locks() throws InvalidWhere {
        boolean any = false;
        while (tokens.take("for")) {
            if (!any && tokens.take("read")) {
                tokens.expect("only");
                return true;
            }
            any = true;
            lock();
        }
        return any;
    }

    private void lock() throws InvalidWhere {
        if (!tokens.at(Kind.KEYWORD) || !LOCKS.contains(tokens.peek().value())) {
            throw tokens.unexpected();
        }
        switch (tokens.next().value()) {
            case "no" -> {
                tokens.expect("key");
                tokens.expect("update");
            }
            case "key" -> tokens.expect("share");
            default -> {}
        }
        if (tokens.take("of")) {
            do {
                names();
            } while (tokens.take(","));
        }
        if (tokens.take("skip")) {
            tokens.expect("locked");
        } else {
            tokens.take("nowait");
        }
    }

    private void with() throws InvalidWhere {
        tokens.next();
        tokens.take("recursive");
        do {
            tokens.columnName();
            if (tokens.at("(")) {
                columnNames();
            }
            tokens.expect("as");
            if (tokens.take("not") || tokens.at("materialized")) {
                tokens.expect("materialized");
            }
            if (tokens.at("(") && (tokens.second().is("insert") || isChange(tokens.second()))) {
                calls.skipped("", 0);
            } else {
                tokens.expect("(");
                select();
                tokens.expect(")");
            }
            search();
            cycle();
        } while (tokens.take(","));
    }

    private static boolean isChange(Token token) {
        return token.is("update") || token.is("delete") || token.is("merge");
    }

    private void search() throws InvalidWhere {
        if (tokens.take("search")) {
            if (!tokens.take("depth")) {
                tokens.expect("breadth");
            }
            tokens.expect("first");
            tokens.expect("by");
            nameList();
            tokens.expect("set");
            tokens.columnName();
        }
    }

    private void cycle() throws InvalidWhere {
        if (tokens.take("cycle")) {
            nameList();
            tokens.expect("set");
            tokens.columnName();
            if (tokens.take("to")) {
                expressions.operand(true);
                tokens.expect("default");
                expressions.operand(true);
            }
            tokens.expect("using");
            tokens.columnName();
        }
    }

    private void columnNames() throws InvalidWhere {
        tokens.expect("(");
        nameList();
        tokens.expect(")");
    }

    private void nameList() throws InvalidWhere {
        do {
            tokens.columnName();
        } while (tokens.take(","));
    }

    private List<String> names() throws InvalidWhere {
        int position = tokens.peek().start();
        List<String> names = new ArrayList<>();
        names.add(tokens.columnName());
        while (tokens.take(".")) {
            names.add(tokens.label());
        }
        if (tokens.at("[")) {
            // The grammar takes subscripts here, and refuses them when it has read them all.
            expressions.steps();
            throw tokens.unexpected();
        }
        if (names.size() > 3) {
            throw tokens.errorAt(
                    position, "improper qualified name (too many dotted names): " + String.join(".", names));
        }
        return names;
    }

    /** An item of {@code FROM} with all that is joined to it. */
    private Source joined() throws InvalidWhere {
        Source left = source();
        while (true) {
            int position = tokens.peek().start();
            if (tokens.take("cross")) {
                tokens.expect("join");
                source();
            } else if (tokens.take("natural")) {
                joinType();
                tokens.expect("join");
                source();
            } else if (atJoin()) {
                joinType();
                tokens.expect("join");
                tokens.enter();
                joined();
                tokens.leave();
                joinCondition();
            } else {
                return left;
            }
            left = new Source.Other(position);
        }
    }

    private boolean atJoin() throws InvalidWhere {
        return tokens.at("join") || tokens.at("inner") || tokens.at("left") || tokens.at("right") || tokens.at("full");
    }

    private void joinType() throws InvalidWhere {
        if (tokens.take("left") || tokens.take("right") || tokens.take("full")) {
            tokens.take("outer");
        } else {
            tokens.take("inner");
        }
    }

    private void joinCondition() throws InvalidWhere {
        if (tokens.take("on")) {
            expressions.expression();
            return;
        }
        tokens.expect("using");
        columnNames();
        if (tokens.take("as")) {
            tokens.columnName();
        }
    }

    private Source source() throws InvalidWhere {
        tokens.enter();
        Source source = tokens.at("lateral") ? lateral() : tokens.at("(") ? parenthesised() : relationOrFunction();
        tokens.leave();
        return source;
    }

    private Source lateral() throws InvalidWhere {
        int position = tokens.next().start();
        if (tokens.at("(")) {
            inParentheses();
            alias(false);
        } else if (!(relationOrFunction() instanceof Source.Other)) {
            throw tokens.unexpected();
        }
        return new Source.Other(position);
    }

    /** A subquery or a join in parentheses. */
    private Source parenthesised() throws InvalidWhere {
        int position = tokens.expect("(").start();
        if (atStart()) {
            select();
        } else {
            Source inner = joined();
            if (inner instanceof Source.Table) {
                throw tokens.unexpected();
            }
            if (atContinuation()) {
                continued(new ParsedSelect(List.of(), List.of(), Optional.empty(), false, position));
            }
        }
        tokens.expect(")");
        alias(false);
        return new Source.Other(position);
    }

    private Source relationOrFunction() throws InvalidWhere {
        Token first = tokens.peek();
        int position = first.start();
        if (tokens.at("rows") && tokens.second().is("from")) {
            tokens.next();
            tokens.next();
            tokens.expect("(");
            do {
                function();
                if (tokens.take("as")) {
                    columnDefinitions();
                }
            } while (tokens.take(","));
            tokens.expect(")");
            return functionTail(position);
        }
        if ((tokens.at("xmltable") || tokens.at("json_table"))
                && tokens.second().is("(")) {
            tokens.next();
            calls.skipped("", position);
            alias(false);
            return new Source.Other(position);
        }
        if (calls.atSpecial() || (!first.isColumnName() && first.isTypeOrFunctionName())) {
            function();
            return functionTail(position);
        }
        Source.Table table = relation();
        boolean mayBeFunction =
                !table.only() && (first.isTypeOrFunctionName() || table.names().size() > 1);
        if (mayBeFunction && tokens.at("(")) {
            calls.arguments();
            return functionTail(position);
        }
        alias(false);
        if (!tokens.take("tablesample")) {
            return table;
        }
        names();
        tokens.expect("(");
        expressions.list();
        tokens.expect(")");
        if (tokens.take("repeatable")) {
            tokens.expect("(");
            expressions.expression();
            tokens.expect(")");
        }
        return new Source.Other(position);
    }

    private void function() throws InvalidWhere {
        if (calls.atSpecial()) {
            calls.special();
            return;
        }
        if (!tokens.peek().isTypeOrFunctionName()) {
            throw tokens.unexpected();
        }
        tokens.next();
        while (tokens.take(".")) {
            tokens.label();
        }
        calls.arguments();
    }

    private Source functionTail(int position) throws InvalidWhere {
        if (tokens.take(Tokens.WITH_BEFORE_TIME)) {
            tokens.expect("ordinality");
        }
        alias(true);
        return new Source.Other(position);
    }

    private Source.Table relation() throws InvalidWhere {
        int position = tokens.peek().start();
        if (tokens.take("only")) {
            boolean parenthesised = tokens.take("(");
            List<String> names = names();
            if (parenthesised) {
                tokens.expect(")");
            }
            return new Source.Table(names, true, position);
        }
        List<String> names = names();
        tokens.take("*");
        return new Source.Table(names, false, position);
    }

    /** @param definitions whether columns may be given with their types */
    private void alias(boolean definitions) throws InvalidWhere {
        boolean as = tokens.take("as");
        if (as && definitions && tokens.at("(")) {
            columnDefinitions();
            return;
        }
        if (!as && !tokens.peek().isColumnName()) {
            return;
        }
        tokens.columnName();
        if (tokens.at("(")) {
            tokens.next();
            tokens.columnName();
            boolean defined = definitions && !tokens.at(",") && !tokens.at(")");
            if (defined) {
                types.type();
            }
            while (tokens.take(",")) {
                tokens.columnName();
                if (defined) {
                    types.type();
                }
            }
            tokens.expect(")");
        }
    }

    private void columnDefinitions() throws InvalidWhere {
        tokens.expect("(");
        do {
            tokens.columnName();
            types.type();
        } while (tokens.take(","));
        tokens.expect(")");
    }
}
