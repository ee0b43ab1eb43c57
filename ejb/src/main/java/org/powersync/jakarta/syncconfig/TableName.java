package org.powersync.jakarta.syncconfig;

/** A source table as replicated: the connection's tag, schema and table, in their exact case. */
public record TableName(String connectionTag, String schema, String name) {
  /** A table of the default connection. */
  public static TableName of(String schema, String name) {
    return new TableName("default", schema, name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
