package org.powersync.jakarta.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.powersync.jakarta.client.Replica;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;

/**
 * A client of one user that connects, reads for a while and goes away in the middle, again and
 * again. It compares what it holds at every completed checkpoint. A steady one stays connected as
 * long as it may.
 */
final class RoamingClient implements Runnable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int REMEMBERED_LINES = 1000;
  private static final int REMEMBERED_LENGTH = 6000;

  private final URI service;
  private final User user;
  private final List<GeneratedConfig> configs;
  private final SourceHistory history;
  private final Random random;
  private final boolean steady;
  private final Replica replica = new Replica(RoamingClient::content);
  private final Deque<String> received = new ArrayDeque<>();
  private volatile boolean ended;
  private volatile long version;
  private volatile int completed;
  private volatile Throwable failure;

  RoamingClient(
      URI service,
      User user,
      List<GeneratedConfig> configs,
      SourceHistory history,
      Random random,
      boolean steady) {
    this.service = service;
    this.user = user;
    this.configs = configs;
    this.history = history;
    this.random = random;
    this.steady = steady;
  }

  /** The source's version at the last completed checkpoint. */
  long version() {
    return version;
  }

  /** Checkpoints completed so far. */
  int completed() {
    return completed;
  }

  /** What went wrong, if anything did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  void end() {
    ended = true;
  }

  /** The last lines it received, with the time, and where it connected. */
  synchronized String received() {
    return String.join("\n", received);
  }

  private synchronized void remember(String what) {
    received.add(
        Instant.now() + " " + what.substring(0, Math.min(REMEMBERED_LENGTH, what.length())));
    if (received.size() > REMEMBERED_LINES) {
      received.remove();
    }
  }

  @Override
  public String toString() {
    return "client-" + user.id() + (steady ? "-steady" : "-roaming");
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        session();
      }
    } catch (Throwable e) {
      failure = new AssertionError("client of " + user.id() + ": " + e.getMessage(), e);
    }
  }

  private void session() {
    try (StreamConnection stream = open()) {
      if (stream.status() == 400 || stream.status() == 401) {
        throw new AssertionError("refused: " + stream.errorBody());
      }
      if (stream.status() != 200) {
        Await.pause(Duration.ofMillis(300));
        return;
      }
      int lines = steady ? Integer.MAX_VALUE : 1 + random.nextInt(150);
      for (int i = 0; i < lines && !ended; i++) {
        Optional<StreamConnection.Event> event = stream.next(PATIENCE);
        if (event.isPresent()) {
          if (event.get() instanceof StreamConnection.Line line) {
            apply(line.json());
          } else {
            return;
          }
        }
      }
    } catch (IllegalStateException e) {
      // The server is away; the client tries again, as clients do.
      Await.pause(Duration.ofMillis(300));
    }
  }

  private StreamConnection open() {
    remember("connects, with " + replica.positions());
    String body =
        "{\"raw_data\": %b, \"include_checksum\": true, \"client_id\": \"%s\", \"buckets\": %s, \"streams\": %s}"
            .formatted(
                random.nextBoolean(),
                user.id() + System.identityHashCode(this),
                replica.positions(),
                user.subscriptions(configs));
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Token " + Tokens.user(user.id()));
    switch (random.nextInt(4)) {
      case 0 -> headers.put("Accept-Encoding", "gzip");
      case 1 -> headers.put("Accept-Encoding", "zstd");
      case 2 -> headers.put("Accept", "application/vnd.powersync.bson-stream");
      default -> {}
    }
    return StreamConnection.open(service, "/sync/stream", body, headers);
  }

  private void apply(JsonNode line) {
    remember(line.toString());
    if (!replica.apply(line)) {
      return;
    }
    Map<String, String> rows = replica.rows();
    int config = config(rows);
    long now = clock(rows.get(clockOf(config)));
    if (now < version) {
      throw new AssertionError("went back from version " + version + " to " + now);
    }
    Map<String, String> expected = history.expected(now, config, user);
    if (!rows.equals(expected)) {
      throw new AssertionError(
          "version %d of config %d: %s%n%s"
              .formatted(now, config, difference(expected, rows), history.told(now)));
    }
    version = now;
    completed++;
  }

  /** The row, its body replaced by the hash of it. */
  private static String content(ObjectNode row) {
    if (row.path("body").isTextual()) {
      row.put("body", md5(row.get("body").asText()));
    }
    return SourceHistory.canonical(row);
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private int config(Map<String, String> rows) {
    for (int i = 0; i < configs.size(); i++) {
      if (rows.containsKey(clockOf(i))) {
        return i;
      }
    }
    throw new AssertionError("completed without the clock: " + rows.keySet());
  }

  private String clockOf(int config) {
    return configs.get(config).rules().get(0).name() + "/clock";
  }

  private static long clock(String row) {
    return Long.parseLong(row.replaceAll(".*version=(\\d+).*", "$1"));
  }

  private static String difference(Map<String, String> expected, Map<String, String> found) {
    Map<String, String> differences = new TreeMap<>();
    expected.forEach(
        (key, row) -> {
          if (!row.equals(found.get(key))) {
            differences.put(key, "expected " + row + " but holds " + found.get(key));
          }
        });
    found.forEach(
        (key, row) -> {
          if (!expected.containsKey(key)) {
            differences.put(key, "should not hold " + row);
          }
        });
    String text = differences.toString();
    return differences.size() + " rows: " + text.substring(0, Math.min(2000, text.length()));
  }
}
