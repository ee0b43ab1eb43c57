package org.powersync.jakarta.syncconfig.schema;

/** Client schemas as SQL, for libraries that read table definitions. */
final class SqlSchema {
  private SqlSchema() {}

  static String write(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    for (ClientSchema.Table table : schema.tables()) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append("CREATE TABLE ")
          .append(quoted(table.name()))
          .append(" (\n  id TEXT NOT NULL PRIMARY KEY");
      for (ClientSchema.Column column : table.columns()) {
        text.append(",\n  ").append(quoted(column.name())).append(' ').append(column.type());
      }
      text.append("\n);\n");
    }
    return text.toString();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
