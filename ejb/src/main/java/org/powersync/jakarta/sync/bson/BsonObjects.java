package org.powersync.jakarta.sync.bson;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BSONException;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;

/**
 * Reads a BSON document as requests are seen by a sync config: plain Java like JSON, every number a
 * double.
 */
public final class BsonObjects {
  private static final int MAX_DEPTH = 100;

  private BsonObjects() {}

  /**
   * A whole document. Throws {@link IllegalArgumentException} when it is malformed, holds a type
   * that JSON does not have, or is nested more than 100 levels deep.
   */
  public static Map<String, Object> parse(byte[] bytes) {
    if (bytes.length < Integer.BYTES
        || ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() != bytes.length) {
      throw new IllegalArgumentException("not exactly one BSON document");
    }
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(bytes))) {
      return document(reader, 0);
    } catch (BSONException | IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new IllegalArgumentException("malformed BSON", e);
    }
  }

  private static Map<String, Object> document(BsonBinaryReader reader, int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    reader.readStartDocument();
    while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
      String name = reader.readName();
      members.put(name, value(reader, depth));
    }
    reader.readEndDocument();
    return members;
  }

  private static List<Object> array(BsonBinaryReader reader, int depth) {
    List<Object> elements = new ArrayList<>();
    reader.readStartArray();
    while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
      elements.add(value(reader, depth));
    }
    reader.readEndArray();
    return elements;
  }

  private static Object value(BsonBinaryReader reader, int depth) {
    if (depth == MAX_DEPTH) {
      throw new IllegalArgumentException("BSON is nested too deep");
    }
    return switch (reader.getCurrentBsonType()) {
      case DOCUMENT -> document(reader, depth + 1);
      case ARRAY -> array(reader, depth + 1);
      case STRING -> reader.readString();
      case DOUBLE -> reader.readDouble();
      case INT32 -> (double) reader.readInt32();
      case INT64 -> (double) reader.readInt64();
      case BOOLEAN -> reader.readBoolean();
      case NULL -> {
        reader.readNull();
        yield null;
      }
      default ->
          throw new IllegalArgumentException(
              "BSON type " + reader.getCurrentBsonType() + " has no meaning in a request");
    };
  }
}
