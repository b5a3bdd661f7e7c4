package electric.sync.pg;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and who connects to it, read from a {@code postgres://} URL.
 *
 * @param host a name or an address; an IPv6 literal without its brackets
 */
public record DatabaseUrl(
        String host, int port, String user, Optional<Password> password, String database, SslMode sslMode) {
    private static final int DEFAULT_PORT = 5432;

    private static final Pattern URL = Pattern.compile(
            "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?<authority>[^/?#]*))?(?<path>[^?#]*)(?:\\?(?<query>[^#]*))?(?:#.*)?",
            Pattern.DOTALL);

    /** The user ends at the last {@code @}, so that a password may contain one. */
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:(?<userinfo>.*)@)?(?:\\[(?<literal>[^\\]]*)\\]|(?<name>[^:]*))(?::(?<port>.*))?", Pattern.DOTALL);

    /**
     * Reads a URL. A password is optional, the database defaults to the user's name and the port to 5432; of the query
     * only {@code sslmode} and {@code replication} are looked at.
     *
     * @throws IllegalArgumentException saying what is wrong; never with a part of the URL that could hold the password
     */
    public static DatabaseUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException("invalid URL scheme: \"\"");
        }
        String scheme = orEmpty(url.group("scheme"));
        if (!isPostgres(scheme)) {
            throw new IllegalArgumentException("invalid URL scheme: \"" + scheme + "\"");
        }
        Matcher authority = AUTHORITY.matcher(orEmpty(url.group("authority")));
        if (!authority.matches()) {
            throw new IllegalArgumentException("missing host");
        }
        String literal = authority.group("literal");
        String host = literal == null ? orEmpty(authority.group("name")) : literal;
        if (host.isBlank()) {
            throw new IllegalArgumentException("missing host");
        }
        String[] userinfo = orEmpty(authority.group("userinfo")).split(":", -1);
        if (userinfo.length > 2 || userinfo[0].isEmpty()) {
            throw new IllegalArgumentException("invalid or missing username");
        }
        String user = decode(userinfo[0], "username");
        Optional<Password> password =
                userinfo.length == 2 ? Optional.of(new Password(decode(userinfo[1], "password"))) : Optional.empty();
        int port = port(orEmpty(authority.group("port")));
        String path = orEmpty(url.group("path"));
        String database = path.length() < 2 ? user : decode(path.substring(1), "database name");
        return new DatabaseUrl(host, port, user, password, database, sslMode(orEmpty(url.group("query"))));
    }

    private static boolean isPostgres(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        return lower.equals("postgres") || lower.equals("postgresql");
    }

    /** The text is not quoted: a password with an unescaped {@code /} in it would end up here. */
    private static int port(String text) {
        if (text.isEmpty()) {
            return DEFAULT_PORT;
        }
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("invalid port: must be a number between 1 and 65535");
        }
        return port;
    }

    private static SslMode sslMode(String query) {
        SslMode mode = SslMode.PREFER;
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String key = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (key.equals("replication")) {
                throw new IllegalArgumentException(
                        "unsupported \"replication\" query option. Electric opens both a replication connection and regular connections to Postgres as needed");
            }
            if (key.equals("sslmode")) {
                mode = sslModeNamed(decode(value, "sslmode"));
            }
        }
        return mode;
    }

    private static SslMode sslModeNamed(String value) {
        return switch (value) {
            case "disable" -> SslMode.DISABLE;
            case "allow" -> SslMode.ALLOW;
            case "prefer" -> SslMode.PREFER;
            case "require" -> SslMode.REQUIRE;
            case "verify-ca", "verify-full" ->
                throw new IllegalArgumentException(
                        "unsupported \"sslmode\" value \"" + value
                                + "\". Use sslmode=require and set the ELECTRIC_DATABASE_CA_CERTIFICATE_FILE config to ensure Electric verifies database server identity");
            default -> throw new IllegalArgumentException("invalid \"sslmode\" value: \"" + value + "\"");
        };
    }

    /** Percent-decodes UTF-8. Unlike in a form, {@code +} is a plus. NUL would end a string of Postgres's protocol early. */
    private static String decode(String text, String what) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
        try {
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '%') {
                    decoded.put(
                            (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2])));
                    i += 2;
                } else {
                    decoded.put(bytes[i]);
                }
            }
            String result =
                    StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
            if (result.indexOf('\0') < 0) {
                return result;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException | CharacterCodingException e) {
            throw badEncoding(what);
        }
        throw badEncoding(what);
    }

    private static IllegalArgumentException badEncoding(String what) {
        return new IllegalArgumentException("invalid percent-encoding in " + what);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
