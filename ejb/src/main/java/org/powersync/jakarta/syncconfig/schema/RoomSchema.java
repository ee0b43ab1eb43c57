package org.powersync.jakarta.syncconfig.schema;

/** Client schemas as entities of Room. */
final class RoomSchema {
  private RoomSchema() {}

  static String write(ClientSchema schema) {
    StringBuilder text = new StringBuilder("import androidx.room.ColumnInfo\n");
    text.append("import androidx.room.Entity\nimport androidx.room.PrimaryKey\n");
    SourceName names = new SourceName();
    for (ClientSchema.Table table : schema.tables()) {
      text.append("\n@Entity(tableName = ").append(quoted(table.name())).append(")\ndata class ");
      text.append(names.pascal(table.name())).append("(\n  @PrimaryKey val id: String,\n");
      SourceName properties = new SourceName();
      properties.camel("id");
      for (ClientSchema.Column column : table.columns()) {
        text.append("  @ColumnInfo(name = ").append(quoted(column.name())).append(") val `");
        text.append(properties.camel(column.name())).append("`: ").append(type(column.type()));
        text.append(",\n");
      }
      text.append(")\n");
    }
    return text.toString();
  }

  private static String type(ClientType type) {
    return switch (type) {
      case TEXT -> "String?";
      case INTEGER -> "Long?";
      case REAL -> "Double?";
    };
  }

  private static String quoted(String text) {
    return SourceName.quoted(text, '"');
  }
}
