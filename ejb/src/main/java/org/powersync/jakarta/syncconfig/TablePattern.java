package org.powersync.jakarta.syncconfig;

/**
 * Source tables a config reads: exact names, or prefixes where schema or name end in {@code %}
 * (sync config section 4.4). The connection tag is never a pattern.
 */
public record TablePattern(String connectionTag, String schema, String name) {
  /** True when {@link #name} ends in {@code %}. */
  public boolean wildcard() {
    return name.endsWith("%");
  }

  /** True when {@link #schema} ends in {@code %}. */
  public boolean schemaWildcard() {
    return schema.endsWith("%");
  }

  public boolean matches(TableName table) {
    return connectionTag.equals(table.connectionTag())
        && matches(schema, table.schema())
        && matches(name, table.name());
  }

  /** What the {@code %} of the name stands for in this table; empty text for an exact pattern. */
  public String suffixOf(TableName table) {
    return wildcard() ? table.name().substring(name.length() - 1) : "";
  }

  private static boolean matches(String pattern, String text) {
    return pattern.endsWith("%")
        ? text.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(text);
  }
}
