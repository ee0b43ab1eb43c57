package org.powersync.jakarta.storage.postgres.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

/**
 * What all processes are told of a checkpoint of the active stream, when its transaction commits
 * (storage section 5.12).
 *
 * @param checkpoint empty before the first
 */
public record CheckpointNotice(GroupId stream, OptionalLong checkpoint, Optional<Lsn> position) {
  public static final String CHANNEL = "powersynccheckpoints";

  /** Parameter: the {@link #payload}. */
  public static final String SEND = "SELECT pg_notify('" + CHANNEL + "', ?)";

  private static final JsonFactory JSON = new JsonFactory();

  /** What it tells of; empty before the first. */
  public Optional<Checkpoint> toCheckpoint() {
    return checkpoint.isEmpty()
        ? Optional.empty()
        : Optional.of(new Checkpoint(stream, new OpId(checkpoint.getAsLong()), position));
  }

  /** The text that travels. */
  public String payload() {
    StringBuilder out = new StringBuilder("{\"active_checkpoint\":{\"id\":").append(stream);
    out.append(",\"last_checkpoint\":");
    if (checkpoint.isPresent()) {
      out.append('"').append(checkpoint.getAsLong()).append('"');
    } else {
      out.append("null");
    }
    out.append(",\"last_checkpoint_lsn\":");
    if (position.isPresent()) {
      JsonStringEncoder.getInstance().quoteAsString(position.get().value(), out.append('"'));
      out.append('"');
    } else {
      out.append("null");
    }
    return out.append("}}").toString();
  }

  /**
   * The checkpoint that a text tells of; empty when it tells of none, or is not such a text: it may
   * come from anybody.
   */
  public static Optional<Checkpoint> read(String payload) {
    try (JsonParser parser = JSON.createParser(payload)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? read(parser) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Checkpoint> read(JsonParser parser) throws IOException {
    Optional<Checkpoint> found = Optional.empty();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean checkpoint = parser.currentName().equals("active_checkpoint");
      if (parser.nextToken() == JsonToken.START_OBJECT && checkpoint) {
        found = checkpoint(parser);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private static Optional<Checkpoint> checkpoint(JsonParser parser) throws IOException {
    int stream = 0;
    long operation = 0;
    Lsn position = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (member.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
        stream = parser.getIntValue();
      } else if (member.equals("last_checkpoint") && value.isScalarValue()) {
        operation = value == JsonToken.VALUE_NULL ? 0 : Long.parseLong(parser.getText());
      } else if (member.equals("last_checkpoint_lsn") && value == JsonToken.VALUE_STRING) {
        position = new Lsn(parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return stream > 0 && operation > 0 && position != null
        ? Optional.of(
            new Checkpoint(new GroupId(stream), new OpId(operation), Optional.of(position)))
        : Optional.empty();
  }
}
