package electric.sync.change;

/** A schema-qualified name, unquoted. */
public record RelationName(String schema, String name) {
    /** As SQL reads it: {@code "schema"."name"} with quotes doubled. */
    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    /** As messages show it: {@code schema.name}, without quotes. */
    @Override
    public String toString() {
        return schema + "." + name;
    }

    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
