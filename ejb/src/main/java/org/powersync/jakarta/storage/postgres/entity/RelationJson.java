package org.powersync.jakarta.storage.postgres.entity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.IdentityColumn;

/** The JSON columns of {@code source_tables} (storage section 2.2). */
public final class RelationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RelationJson() {}

  /** {@code {"object_id": 100}}, or the empty object for a source without object ids. */
  public static String relationId(OptionalLong objectId) {
    ObjectNode node = JSON.createObjectNode();
    objectId.ifPresent(id -> node.put("object_id", id));
    return node.toString();
  }

  static OptionalLong objectId(String relationId) {
    if (relationId == null) {
      return OptionalLong.empty();
    }
    JsonNode id = read(relationId).path("object_id");
    return id.canConvertToExactIntegral() && id.canConvertToLong()
        ? OptionalLong.of(id.longValue())
        : OptionalLong.empty();
  }

  static String columns(List<IdentityColumn> columns) {
    ArrayNode nodes = JSON.createArrayNode();
    for (IdentityColumn column : columns) {
      ObjectNode node = nodes.addObject().put("name", column.name());
      column.type().ifPresent(type -> node.put("type", type));
      column.typeOid().ifPresent(oid -> node.put("type_oid", oid));
    }
    return nodes.toString();
  }

  static List<IdentityColumn> columns(String text) {
    List<IdentityColumn> columns = new ArrayList<>();
    if (text != null) {
      for (JsonNode node : read(text)) {
        JsonNode oid = node.path("type_oid");
        columns.add(
            new IdentityColumn(
                node.path("name").asText(),
                node.hasNonNull("type") ? Optional.of(node.get("type").asText()) : Optional.empty(),
                oid.canConvertToInt() ? OptionalInt.of(oid.intValue()) : OptionalInt.empty()));
      }
    }
    return columns;
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new PowerSyncException(
          ErrorCode.PSYNC_S0001, "A record of a source table holds no JSON", e);
    }
  }
}
