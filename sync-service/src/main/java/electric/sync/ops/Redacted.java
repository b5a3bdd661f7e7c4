package electric.sync.ops;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes secrets out of text before it is logged: query parameters that carry one, and passwords in URLs. */
final class Redacted {
    private static final String PLACEHOLDER = "[REDACTED]";
    private static final Set<String> SENSITIVE =
            Set.of("secret", "api_secret", "token", "access_token", "api_key", "password");

    /** A name may be percent-encoded: a server decodes it, so we must too. */
    private static final Pattern PARAMETER =
            Pattern.compile("(?<![A-Za-z0-9_%.-])([A-Za-z_%][A-Za-z0-9_%]*(?:\\[[A-Za-z0-9_%]*)?\\]?)=([^&\\s]*)");

    private static final Pattern USER_INFO = Pattern.compile("(://[^\\s:/?#@]*:)[^\\s/?#]*@");

    private Redacted() {}

    /** A query string, or any text one may occur in. */
    static String text(String text) {
        String withoutPasswords =
                text.contains("://") ? USER_INFO.matcher(text).replaceAll("$1" + PLACEHOLDER + "@") : text;
        return withoutPasswords.indexOf('=') < 0
                ? withoutPasswords
                : PARAMETER.matcher(withoutPasswords).replaceAll(Redacted::parameter);
    }

    /** What may be shown of a value under this name. */
    static String value(String name, String value) {
        return isSensitive(name) ? PLACEHOLDER : text(value);
    }

    private static boolean isSensitive(String name) {
        return SENSITIVE.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String parameter(MatchResult parameter) {
        String name = parameter.group(1);
        String decoded = decoded(name);
        int bracket = decoded.indexOf('[');
        String shown = isSensitive(bracket < 0 ? decoded : decoded.substring(0, bracket))
                ? name + "=" + PLACEHOLDER
                : parameter.group();
        return Matcher.quoteReplacement(shown);
    }

    private static String decoded(String name) {
        try {
            return name.indexOf('%') < 0 ? name : URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Broken percent-encoding is taken literally, here as in the server.
            return name;
        }
    }
}
