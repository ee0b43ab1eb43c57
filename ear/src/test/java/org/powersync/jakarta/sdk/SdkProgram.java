package org.powersync.jakarta.sdk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.powersync.jakarta.fixture.Await;

/**
 * A Node program around one SDK with one local database: commands as JSON lines to its standard
 * input, each answered by one line. What it logs goes to {@code client.log} in its folder. For one
 * thread.
 */
final class SdkProgram implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** Stands for the end of the output. */
  private static final String END = "";

  private final Path log;
  private final Process process;
  private final Writer commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /**
   * @param program file in {@code src/test/sdk}
   * @param settings handed to it as JSON
   * @param folder of its files, exists
   */
  SdkProgram(String program, Map<String, String> settings, Path folder) {
    log = folder.resolve("client.log");
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("folder", folder.toString());
    try {
      process =
          new ProcessBuilder("node", program, JSON.writeValueAsString(all))
              .directory(Path.of("src", "test", "sdk").toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException("Node 20.19 or newer must be on the PATH as node", e);
    }
    commands = process.outputWriter();
    Thread reader = new Thread(this::read, "answers of " + program);
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    answer("start of " + program);
  }

  void connect() {
    run("connect", null);
  }

  /** A local write, queued for upload. */
  void execute(String sql) {
    run("execute", sql);
  }

  /** Rows as texts by column name; NULL is null. */
  List<Map<String, String>> query(String sql) {
    return StreamSupport.stream(run("query", sql).spliterator(), false)
        .map(SdkProgram::row)
        .toList();
  }

  private static Map<String, String> row(JsonNode row) {
    Map<String, String> texts = new LinkedHashMap<>();
    row.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText(null)));
    return texts;
  }

  /** Waits until the query gives exactly these rows. */
  void awaitRows(String sql, Duration deadline, List<Map<String, String>> expected) {
    Await.until(
        () -> sql + " gives " + expected + "; " + run("status", null) + ", see " + log,
        deadline,
        () -> {
          List<Map<String, String>> found = query(sql);
          if (!found.equals(expected)) {
            throw new AssertionError("found " + found);
          }
          return true;
        });
  }

  /** Waits until every local write was uploaded and came back in an applied checkpoint. */
  void awaitUploads(Duration deadline) {
    awaitRows(
        """
        SELECT (SELECT count(*) FROM ps_crud) AS queued,
               (SELECT max(CAST(value AS INTEGER)) FROM ps_kv
                 WHERE key = 'target_checkpoint_request_id')
               <= (SELECT max(CAST(value AS INTEGER)) FROM ps_kv
                    WHERE key = 'last_applied_checkpoint_request_id') AS applied
        """,
        deadline,
        List.of(Map.of("queued", "0", "applied", "1")));
  }

  private JsonNode run(String command, String argument) {
    try {
      commands.write(
          JSON.createObjectNode().put("command", command).put("argument", argument) + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the program does not listen, see " + log, e);
    }
    return answer(command);
  }

  private JsonNode answer(String command) {
    try {
      String line = answers.poll(ANSWER.toSeconds(), TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        throw new IllegalStateException("no answer to " + command + ", see " + log);
      }
      JsonNode answer = JSON.readTree(line);
      if (!answer.has("ok")) {
        throw new IllegalStateException(command + " failed: " + answer.path("error").asText());
      }
      return answer.get("ok");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      // Ended, as without one.
    } finally {
      answers.add(END);
    }
  }

  @Override
  public void close() {
    try {
      run("close", null);
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kill();
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
