package org.powersync.jakarta.syncconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.schema.ClientSchema;
import org.powersync.jakarta.syncconfig.schema.ClientType;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.schema.ValueKinds;

/** The schemas in recorded vectors. */
final class VectorSchemas {
  private VectorSchemas() {}

  static SourceSchema source(JsonNode connections) {
    List<SourceSchema.Table> tables = new ArrayList<>();
    for (JsonNode connection : connections) {
      for (JsonNode schema : connection.get("schemas")) {
        for (JsonNode table : schema.get("tables")) {
          List<SourceSchema.Column> columns = new ArrayList<>();
          table.get("columns").forEach(column -> columns.add(column(column)));
          TableName name =
              new TableName(
                  connection.get("tag").asText(),
                  schema.get("name").asText(),
                  table.get("name").asText());
          tables.add(new SourceSchema.Table(name, columns));
        }
      }
    }
    return new SourceSchema(tables);
  }

  private static SourceSchema.Column column(JsonNode column) {
    ValueKinds kinds =
        column.has("pg_type")
            ? ValueKinds.ofPostgres(column.get("pg_type").asText())
            : kinds(column.get("sqlite_type"));
    return new SourceSchema.Column(
        column.get("name").asText(),
        kinds,
        Optional.ofNullable(column.get("internal_type")).map(JsonNode::asText));
  }

  private static ValueKinds kinds(JsonNode type) {
    if (type.isInt()) {
      return new ValueKinds(type.asInt());
    }
    return switch (type.asText()) {
      case "text" -> ValueKinds.TEXT;
      case "integer" -> ValueKinds.INTEGER;
      case "real" -> ValueKinds.REAL;
      case "blob" -> ValueKinds.BLOB;
      case "numeric" -> ValueKinds.NUMBER;
      default -> ValueKinds.NONE;
    };
  }

  static List<ClientSchema.Table> client(JsonNode tables) {
    List<ClientSchema.Table> found = new ArrayList<>();
    for (JsonNode table : tables) {
      List<ClientSchema.Column> columns = new ArrayList<>();
      for (JsonNode column : table.get("columns")) {
        columns.add(
            new ClientSchema.Column(
                column.get("name").asText(),
                ClientType.valueOf(column.get("type").asText().toUpperCase(Locale.ROOT)),
                Optional.ofNullable(column.get("sourceType")).map(JsonNode::asText)));
      }
      found.add(new ClientSchema.Table(table.get("table").asText(), columns));
    }
    return found;
  }
}
