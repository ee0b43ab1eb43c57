package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.sql.SQLException;
import org.postgresql.util.PGobject;

/** JSON text in a {@code jsonb} column; the driver needs to be told the type, also for null. */
@Converter
public class JsonbText implements AttributeConverter<String, Object> {
  @Override
  public Object convertToDatabaseColumn(String text) {
    return typed("jsonb", text);
  }

  @Override
  public String convertToEntityAttribute(Object column) {
    return text(column);
  }

  static PGobject typed(String type, String text) {
    PGobject object = new PGobject();
    object.setType(type);
    try {
      object.setValue(text);
    } catch (SQLException e) {
      throw new IllegalArgumentException("no " + type + " value", e);
    }
    return object;
  }

  static String text(Object column) {
    return column instanceof PGobject object ? object.getValue() : (String) column;
  }
}
