package org.powersync.jakarta.bench;

import java.time.Duration;
import java.util.Arrays;
import org.powersync.jakarta.client.SocketStreams.SocketStream;
import org.powersync.jakarta.client.StreamConnection;

/** When lines arrive at clients. */
final class Arrivals {
  private static final Duration LONG = Duration.ofSeconds(30);

  private Arrivals() {}

  /** Reads up to the completion of a checkpoint. */
  static void awaitComplete(SocketStream stream) {
    while (!line(stream, "a completion").text().startsWith("{\"checkpoint_complete\"")) {}
  }

  /** When the line that contains this text was read ({@link System#nanoTime}). */
  static long of(SocketStream stream, String marker) {
    while (true) {
      StreamConnection.Line line = line(stream, marker);
      if (line.text().contains(marker)) {
        return line.readNanos();
      }
    }
  }

  private static StreamConnection.Line line(SocketStream stream, String awaited) {
    StreamConnection.Event event =
        stream
            .next(LONG)
            .orElseThrow(() -> new IllegalStateException("no line in time, awaiting " + awaited));
    if (event instanceof StreamConnection.Line line) {
      return line;
    }
    throw new IllegalStateException("the stream ended, awaiting " + awaited);
  }

  static double percentile(double[] samples, int percent) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
