package electric.sync.where;

import electric.sync.where.Token.Kind;
import java.util.ArrayDeque;

/** The tokens of a clause from where the parser stands; some words are told apart by the word behind them. */
final class Tokens {
    /** A word that the grammar takes for another one because of what follows; nobody can write these. */
    static final String NOT_BEFORE_PREDICATE = "NOT_LA";

    static final String NULLS_BEFORE_ORDER = "NULLS_LA";
    static final String WITH_BEFORE_TIME = "WITH_LA";
    static final String WITHOUT_BEFORE_TIME = "WITHOUT_LA";
    static final String FORMAT_BEFORE_JSON = "FORMAT_LA";

    /**
     * How deep rules of the grammar may stand in each other. A level takes up to 3 KB of stack (measured, C1), and the
     * threads that parse have 1 MB.
     */
    private static final int MAX_DEPTH = 200;

    private final Lexer lexer;
    private final ArrayDeque<Token> raw = new ArrayDeque<>(2);
    private final ArrayDeque<Token> read = new ArrayDeque<>(2);
    private int depth;

    Tokens(Lexer lexer) {
        this.lexer = lexer;
    }

    Token peek() throws InvalidWhere {
        if (read.isEmpty()) {
            read.add(told(takeRaw()));
        }
        return read.getFirst();
    }

    /** The token behind {@link #peek}. */
    Token second() throws InvalidWhere {
        peek();
        if (read.size() < 2) {
            read.add(told(takeRaw()));
        }
        return read.getLast();
    }

    Token next() throws InvalidWhere {
        Token token = peek();
        read.removeFirst();
        return token;
    }

    boolean at(String word) throws InvalidWhere {
        return peek().is(word);
    }

    boolean at(Kind kind) throws InvalidWhere {
        return peek().kind() == kind;
    }

    /** Steps over the word if it is here. */
    boolean take(String word) throws InvalidWhere {
        boolean here = at(word);
        if (here) {
            next();
        }
        return here;
    }

    Token expect(String word) throws InvalidWhere {
        if (!at(word)) {
            throw unexpected();
        }
        return next();
    }

    Token expect(Kind kind) throws InvalidWhere {
        if (!at(kind)) {
            throw unexpected();
        }
        return next();
    }

    String columnName() throws InvalidWhere {
        if (!peek().isColumnName()) {
            throw unexpected();
        }
        return next().value();
    }

    String label() throws InvalidWhere {
        if (!peek().isLabel()) {
            throw unexpected();
        }
        return next().value();
    }

    /** The token that stands here does not belong here. */
    InvalidWhere unexpected() throws InvalidWhere {
        return errorHere("syntax error");
    }

    InvalidWhere errorHere(String what) throws InvalidWhere {
        Token token = peek();
        return lexer.error(what, token.start(), token.end());
    }

    InvalidWhere errorAt(int position, String what) {
        return lexer.errorWithoutText(what, position);
    }

    /** To be followed by {@link #leave}: one level deeper. */
    void enter() throws InvalidWhere {
        depth++;
        checkHeight(depth);
    }

    void leave() {
        depth--;
    }

    void checkHeight(int height) throws InvalidWhere {
        if (height > MAX_DEPTH) {
            throw errorAt(peek().start(), "expression is nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    private Token takeRaw() throws InvalidWhere {
        return raw.isEmpty() ? lexer.next() : raw.removeFirst();
    }

    private Token peekRaw() throws InvalidWhere {
        if (raw.isEmpty()) {
            raw.add(lexer.next());
        }
        return raw.getFirst();
    }

    private Token told(Token token) throws InvalidWhere {
        return switch (token.kind()) {
            case KEYWORD -> toldByNext(token);
            case UNICODE_STRING, UNICODE_IDENTIFIER -> unescaped(token);
            case IDENTIFIER, INTEGER, NUMBER, STRING, BIT_STRING, PARAMETER, OPERATOR, SYMBOL, END -> token;
        };
    }

    private Token toldByNext(Token token) throws InvalidWhere {
        return switch (token.value()) {
            case "not" -> {
                Token next = peekRaw();
                boolean predicate = next.is("between")
                        || next.is("in")
                        || next.is("like")
                        || next.is("ilike")
                        || next.is("similar");
                yield predicate ? renamed(token, NOT_BEFORE_PREDICATE) : token;
            }
            case "nulls" -> {
                Token next = peekRaw();
                yield next.is("first") || next.is("last") ? renamed(token, NULLS_BEFORE_ORDER) : token;
            }
            case "with" -> {
                Token next = peekRaw();
                yield next.is("time") || next.is("ordinality") ? renamed(token, WITH_BEFORE_TIME) : token;
            }
            case "without" -> peekRaw().is("time") ? renamed(token, WITHOUT_BEFORE_TIME) : token;
            case "format" -> peekRaw().is("json") ? renamed(token, FORMAT_BEFORE_JSON) : token;
            default -> token;
        };
    }

    private static Token renamed(Token token, String word) {
        return new Token(Kind.KEYWORD, word, token.start(), token.end());
    }

    private Token unescaped(Token token) throws InvalidWhere {
        char escape = '\\';
        int end = token.end();
        if (peekRaw().is("uescape")) {
            takeRaw();
            Token character = takeRaw();
            if (character.kind() != Kind.STRING) {
                throw lexer.error(
                        "UESCAPE must be followed by a simple string literal", character.start(), character.end());
            }
            if (!UnicodeEscapes.isEscape(character.value())) {
                throw lexer.error("invalid Unicode escape character", character.start(), character.end());
            }
            escape = character.value().charAt(0);
            end = character.end();
        }
        String value = new UnicodeEscapes(token, escape, lexer).decode();
        return token.kind() == Kind.UNICODE_STRING
                ? new Token(Kind.STRING, value, token.start(), end)
                : new Token(Kind.IDENTIFIER, Lexer.truncated(value), token.start(), end);
    }
}
