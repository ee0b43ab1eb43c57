package org.powersync.jakarta.web;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.bson.BsonObjects;

/** The formats in which RSocket clients send metadata and requests. */
enum PayloadFormat {
  JSON("application/json"),
  BSON("application/bson");

  private final String mimeType;

  PayloadFormat(String mimeType) {
    this.mimeType = mimeType;
  }

  /** The format of a MIME type; empty for one that is not supported. */
  static Optional<PayloadFormat> of(String mimeType) {
    for (PayloadFormat format : values()) {
      if (format.mimeType.equals(mimeType)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  static PowerSyncException unsupported() {
    return new PowerSyncException(
        ErrorCode.PSYNC_S2004, "Unsupported media type; use application/json or application/bson");
  }

  /** The members of an object; empty when the bytes are something else. */
  @SuppressWarnings("unchecked")
  Optional<Map<String, Object>> parse(byte[] bytes) {
    try {
      Object value =
          switch (this) {
            case JSON -> RequestJson.parse(bytes);
            case BSON -> BsonObjects.parse(bytes);
          };
      return value instanceof Map<?, ?> object
          ? Optional.of((Map<String, Object>) object)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
