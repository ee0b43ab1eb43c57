package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** JSON text in a {@code json} column, kept letter for letter. */
@Converter
public class JsonText implements AttributeConverter<String, Object> {
  @Override
  public Object convertToDatabaseColumn(String text) {
    return JsonbText.typed("json", text);
  }

  @Override
  public String convertToEntityAttribute(Object column) {
    return JsonbText.text(column);
  }
}
