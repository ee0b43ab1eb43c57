package org.powersync.jakarta.syncconfig.schema;

import java.util.ArrayList;
import java.util.List;

/** Client schemas in C#, in both styles of the .NET SDK. */
final class DotnetSchema {
  private DotnetSchema() {}

  static String tables(ClientSchema schema) {
    StringBuilder text = new StringBuilder(imports(schema));
    text.append("using PowerSync.Common.DB.Schema;\n\n");
    text.append("class AppSchema\n{\n");
    SourceName names = new SourceName();
    names.pascal("PowerSyncSchema");
    List<String> entries = new ArrayList<>();
    for (ClientSchema.Table table : schema.tables()) {
      String name = names.pascal(table.name());
      entries.add("    {" + quoted(table.name()) + ", " + name + "},\n");
      text.append("  public static Table ").append(name);
      text.append(" = new Table(new Dictionary<string, ColumnType>\n  {\n");
      for (ClientSchema.Column column : table.columns()) {
        text.append("    {").append(quoted(column.name())).append(", ColumnType.");
        text.append(column.type()).append("},\n");
      }
      text.append("  });\n\n");
    }
    text.append(
        "  public static Schema PowerSyncSchema = new Schema(new Dictionary<string, Table>");
    text.append("\n  {\n");
    entries.forEach(text::append);
    return text.append("  });\n}\n").append(SubscribeFunctions.dotnet(schema)).toString();
  }

  static String classes(ClientSchema schema) {
    StringBuilder text = new StringBuilder(imports(schema));
    text.append("using PowerSync.Common.DB.Schema;\n");
    text.append("using PowerSync.Common.DB.Schema.Attributes;\n\n");
    SourceName names = new SourceName();
    names.pascal("AppSchema");
    List<String> types = new ArrayList<>();
    for (ClientSchema.Table table : schema.tables()) {
      String name = names.pascal(table.name());
      types.add("typeof(" + name + ")");
      text.append("[Table(").append(quoted(table.name())).append(")]\npublic class ").append(name);
      text.append("\n{\n  [Column(\"id\")]\n  public string Id { get; set; }\n");
      SourceName properties = new SourceName();
      properties.pascal("id");
      properties.pascal(name);
      for (ClientSchema.Column column : table.columns()) {
        text.append("\n  [Column(").append(quoted(column.name())).append(")]\n  public ");
        text.append(type(column.type())).append(' ').append(properties.pascal(column.name()));
        text.append(" { get; set; }\n");
      }
      text.append("}\n\n");
    }
    text.append("class AppSchema\n{\n  public static Schema PowerSyncSchema = new Schema(");
    text.append(String.join(", ", types)).append(");\n}\n");
    return text.append(SubscribeFunctions.dotnet(schema)).toString();
  }

  private static String imports(ClientSchema schema) {
    return schema.streams().isEmpty()
        ? ""
        : "using PowerSync.Common.Client;\nusing PowerSync.Common.Client.Sync.Stream;\n";
  }

  private static String type(ClientType type) {
    return switch (type) {
      case TEXT -> "string?";
      case INTEGER -> "long?";
      case REAL -> "double?";
    };
  }

  private static String quoted(String text) {
    return SourceName.quotedPlainDollar(text, '"');
  }
}
