package org.powersync.jakarta.storage.postgres.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.BsonWriter;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Lookup keys as stored and indexed (storage section 3.4). */
public final class Lookups {
  private Lookups() {}

  /** The bytes of a lookup; equal lookups give equal bytes. */
  public static byte[] bytes(ParameterLookup lookup) {
    BsonWriter out = new BsonWriter().startArray("l");
    out.member("0", SqlValue.of(lookup.name()));
    out.member("1", SqlValue.of(lookup.queryId()));
    List<SqlValue> values = lookup.values();
    for (int i = 0; i < values.size(); i++) {
      SqlValue value = values.get(i);
      // Arrays have no holes: an absent value is stored as null.
      out.member(Integer.toString(i + 2), value == SqlValue.ABSENT ? SqlValue.NULL : value);
    }
    return out.end().finish();
  }

  /** A lookup read back from its bytes. */
  public static ParameterLookup read(byte[] bytes) {
    List<SqlValue> values = new ArrayList<>();
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(bytes))) {
      reader.readStartDocument();
      reader.readName("l");
      reader.readStartArray();
      BsonType type;
      while ((type = reader.readBsonType()) != BsonType.END_OF_DOCUMENT) {
        values.add(StoredRow.value(reader, type));
      }
    }
    return new ParameterLookup(
        text(values.get(0)), text(values.get(1)), values.subList(2, values.size()));
  }

  private static String text(SqlValue value) {
    return ((SqlValue.Text) value).value();
  }
}
