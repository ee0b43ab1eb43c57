package org.powersync.jakarta.syncconfig.schema;

import java.util.function.UnaryOperator;

/** Client schemas in Dart, Kotlin and Swift, which differ in little but punctuation. */
final class AppSchema {
  private AppSchema() {}

  static String dart(ClientSchema schema) {
    StringBuilder text = new StringBuilder("import 'package:powersync/powersync.dart';\n\n");
    text.append("const schema = Schema([\n");
    UnaryOperator<String> quoted = name -> SourceName.quoted(name, '\'');
    for (ClientSchema.Table table : schema.tables()) {
      text.append("  Table(").append(quoted.apply(table.name())).append(", [\n");
      columns(text, "    Column.", table, quoted);
      text.append("  ]),\n");
    }
    return text.append("]);\n").append(SubscribeFunctions.dart(schema)).toString();
  }

  static String kotlin(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    boolean streams = !schema.streams().isEmpty();
    text.append(streams ? "import com.powersync.PowerSyncDatabase\n" : "");
    text.append("import com.powersync.db.schema.Column\n");
    text.append("import com.powersync.db.schema.Schema\n");
    text.append("import com.powersync.db.schema.Table\n");
    text.append(streams ? "import com.powersync.sync.SyncStream\n" : "");
    text.append(streams ? "import com.powersync.utils.JsonParam\n\n" : "\n");
    text.append("val schema = Schema(\n");
    UnaryOperator<String> quoted = name -> SourceName.quoted(name, '"');
    for (ClientSchema.Table table : schema.tables()) {
      text.append("  Table(\n    name = ").append(quoted.apply(table.name()));
      text.append(",\n    columns = listOf(\n");
      columns(text, "      Column.", table, quoted);
      text.append("    ),\n  ),\n");
    }
    return text.append(")\n").append(SubscribeFunctions.kotlin(schema)).toString();
  }

  static String swift(ClientSchema schema) {
    StringBuilder text = new StringBuilder("import PowerSync\n\nlet schema = Schema(tables: [\n");
    UnaryOperator<String> quoted = name -> SourceName.quotedPlainDollar(name, '"');
    for (ClientSchema.Table table : schema.tables()) {
      text.append("  Table(\n    name: ").append(quoted.apply(table.name()));
      text.append(",\n    columns: [\n");
      columns(text, "      .", table, quoted);
      text.append("    ]\n  ),\n");
    }
    return text.append("])\n").append(SubscribeFunctions.swift(schema)).toString();
  }

  private static void columns(
      StringBuilder text, String call, ClientSchema.Table table, UnaryOperator<String> quoted) {
    for (ClientSchema.Column column : table.columns()) {
      text.append(call).append(SourceName.word(column.type())).append('(');
      text.append(quoted.apply(column.name())).append("),\n");
    }
  }
}
