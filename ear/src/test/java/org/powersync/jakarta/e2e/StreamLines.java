package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.client.StreamConnection;

/** Lines of a stream, read one after the other and shown in short. */
final class StreamLines {
  private static final Duration SOON = Duration.ofSeconds(30);

  private StreamLines() {}

  /** The next line that is no keepalive. */
  static JsonNode line(StreamConnection stream) {
    while (true) {
      StreamConnection.Event event =
          stream.next(SOON).orElseThrow(() -> new AssertionError("no line in time"));
      assertThat(event).isInstanceOf(StreamConnection.Line.class);
      JsonNode line = ((StreamConnection.Line) event).json();
      if (!line.has("token_expires_in")) {
        return line;
      }
    }
  }

  /** Lines up to the next completion. */
  static List<JsonNode> sync(StreamConnection stream) {
    List<JsonNode> lines = new ArrayList<>();
    do {
      lines.add(line(stream));
    } while (!lines.get(lines.size() - 1).has("checkpoint_complete"));
    return lines;
  }

  /** Lines in short: their type, with the bucket and the operations' objects, or the priority. */
  static List<String> shape(List<JsonNode> lines) {
    return lines.stream().map(StreamLines::shape).toList();
  }

  static String shape(JsonNode line) {
    String type = line.fieldNames().next();
    JsonNode content = line.get(type);
    return switch (type) {
      case "data" ->
          "data " + content.get("bucket").asText() + " " + texts(content.get("data"), "object_id");
      case "partial_checkpoint_complete" -> "partial " + content.get("priority");
      default -> type;
    };
  }

  static List<String> texts(JsonNode array, String member) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.path(member).asText()));
    return texts;
  }

  static List<String> buckets(JsonNode buckets) {
    List<String> texts = new ArrayList<>();
    buckets.forEach(
        bucket ->
            texts.add(
                bucket.get("bucket").asText()
                    + " "
                    + bucket.get("checksum")
                    + " "
                    + bucket.get("count")
                    + " p"
                    + bucket.get("priority")
                    + " "
                    + bucket.get("subscriptions")));
    return texts;
  }

  static void silent(StreamConnection stream, Duration time) {
    assertThat(stream.next(time)).isEmpty();
  }
}
