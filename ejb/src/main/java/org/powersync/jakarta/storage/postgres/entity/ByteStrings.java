package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Byte strings in a {@code bytea[]} column. */
@Converter
public class ByteStrings implements AttributeConverter<List<byte[]>, Object> {
  @Override
  public Object convertToDatabaseColumn(List<byte[]> values) {
    String text =
        values == null
            ? null
            : values.stream()
                .map(bytes -> "\"\\\\x" + HexFormat.of().formatHex(bytes) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    return JsonbText.typed("bytea[]", text);
  }

  /** The persistence provider hands over the driver's array, or what it has unpacked itself. */
  @Override
  public List<byte[]> convertToEntityAttribute(Object column) {
    try {
      Object values = column instanceof Array array ? array.getArray() : column;
      return values == null
          ? null
          : Arrays.stream((Object[]) values).map(byte[].class::cast).toList();
    } catch (SQLException e) {
      throw new IllegalArgumentException("no bytea[] value", e);
    }
  }
}
