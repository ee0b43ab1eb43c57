package org.powersync.jakarta.syncconfig.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/** Client schemas in JavaScript and TypeScript. */
final class ScriptSchema {
  private ScriptSchema() {}

  static String write(ClientSchema schema, boolean typed) {
    StringBuilder text = new StringBuilder();
    text.append("import { column, Schema, Table } from '@powersync/web';\n");
    text.append("// OR: import { column, Schema, Table } from '@powersync/react-native';\n");
    if (typed && !schema.streams().isEmpty()) {
      text.append("import type { AbstractPowerSyncDatabase } from '@powersync/common';\n");
    }
    text.append('\n');
    Map<String, String> constants = new LinkedHashMap<>();
    SourceName names = new SourceName();
    for (ClientSchema.Table table : schema.tables()) {
      String constant = names.plain(table.name());
      constants.put(table.name(), constant);
      text.append("const ").append(constant).append(" = new Table(\n  {\n");
      text.append("    // id column (text) is automatically included\n");
      for (ClientSchema.Column column : table.columns()) {
        text.append("    ").append(key(column.name())).append(": column.");
        text.append(SourceName.word(column.type())).append(",\n");
      }
      text.append("  },\n  { indexes: {} }\n);\n\n");
    }
    text.append("export const AppSchema = new Schema({\n");
    constants.forEach(
        (table, constant) ->
            text.append("  ")
                .append(table.equals(constant) ? constant : key(table) + ": " + constant)
                .append(",\n"));
    text.append("});\n");
    if (typed) {
      text.append("\nexport type Database = (typeof AppSchema)['types'];\n");
    }
    return text.append(SubscribeFunctions.script(schema, typed)).toString();
  }

  static String writeLegacy(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    text.append("import { Column, ColumnType, Schema, Table } from '@powersync/web';\n\n");
    text.append("export const AppSchema = new Schema([\n");
    for (ClientSchema.Table table : schema.tables()) {
      text.append("  new Table({\n    name: ").append(quoted(table.name()));
      text.append(",\n    columns: [\n");
      for (ClientSchema.Column column : table.columns()) {
        text.append("      new Column({ name: ").append(quoted(column.name()));
        text.append(", type: ColumnType.").append(column.type()).append(" }),\n");
      }
      text.append("    ],\n  }),\n");
    }
    return text.append("]);\n").toString();
  }

  private static String key(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : quoted(name);
  }

  private static String quoted(String text) {
    return SourceName.quotedPlainDollar(text, '\'');
  }
}
