package org.powersync.jakarta.storage.postgres.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** The list of a row's buckets as JSON, the content of {@code current_data.buckets}. */
final class StoredBuckets {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String NONE = "[]";

  private StoredBuckets() {}

  static String write(List<BucketRef> buckets) {
    if (buckets.isEmpty()) {
      return NONE;
    }
    StringBuilder out = new StringBuilder(buckets.size() * 80).append('[');
    for (BucketRef bucket : buckets) {
      if (out.length() > 1) {
        out.append(',');
      }
      text(bucket.bucket(), out.append("{\"bucket\":\""));
      text(bucket.table(), out.append("\",\"table\":\""));
      text(bucket.id(), out.append("\",\"id\":\""));
      out.append("\"}");
    }
    return out.append(']').toString();
  }

  /** Most texts need no escape, and the encoder takes one character after the other. */
  private static void text(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return;
      }
    }
    out.append(text);
  }

  /** Reads a stored list; members that other writers may have added are ignored. */
  static List<BucketRef> read(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      List<BucketRef> buckets = new ArrayList<>();
      expect(parser.nextToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.START_OBJECT);
        buckets.add(bucket(parser));
      }
      return buckets;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static BucketRef bucket(JsonParser parser) throws IOException {
    String bucket = null;
    String table = null;
    String id = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token != JsonToken.VALUE_STRING) {
        parser.skipChildren();
        continue;
      }
      switch (name) {
        case "bucket" -> bucket = parser.getText();
        case "table" -> table = parser.getText();
        case "id" -> id = parser.getText();
        default -> {}
      }
    }
    if (bucket == null || table == null || id == null) {
      throw unreadable(null);
    }
    return new BucketRef(bucket, table, id);
  }

  private static void expect(JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw unreadable(null);
    }
  }

  private static PowerSyncException unreadable(IOException cause) {
    return new PowerSyncException(
        ErrorCode.PSYNC_S0001,
        "Stored buckets of a row are no JSON array of bucket, table and id",
        cause);
  }
}
