package electric.sync.pg;

/** How a connection to Postgres is encrypted when no CA certificate file asks for full verification. */
public enum SslMode {
    /** Plain text. */
    DISABLE,
    /** Treated as {@link #PREFER}. */
    ALLOW,
    /** Encrypted but not verified; plain text, with a warning, where the server has no TLS. The default. */
    PREFER,
    /** Encrypted but not verified; never plain text. */
    REQUIRE
}
