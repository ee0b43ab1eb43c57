package org.powersync.jakarta.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.powersync.jakarta.fixture.Await;

/**
 * One Open Liberty process with the EAR. Several may run at once: each has an output folder, a port
 * and an environment of its own. The configuration is given as text and written to that folder.
 */
public final class LibertyServer implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private static final Duration START = Duration.ofSeconds(120);

  private final Path output;
  private final int port;
  private final Map<String, String> environment;
  private Process process;

  /**
   * @param name of the output folder below {@code target/servers}
   * @param powersyncYaml content of {@code powersync.yaml}
   * @param environment for {@code !env} and settings
   */
  public LibertyServer(String name, String powersyncYaml, Map<String, String> environment) {
    this.output = Path.of("target", "servers", name).toAbsolutePath();
    this.port = freePort();
    this.environment = new HashMap<>(environment);
    configure(powersyncYaml);
  }

  /** Replaces {@code powersync.yaml}; takes effect at the next start. */
  public void configure(String powersyncYaml) {
    try {
      Files.createDirectories(output);
      Files.writeString(output.resolve("powersync.yaml"), powersyncYaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a command of the operator to its end.
   *
   * @param words such as {@code compact}, {@code -b}, {@code a[]}
   * @return the exit code
   */
  public int command(String... words) {
    environment.put("PS_COMMAND", String.join("\n", words));
    launch();
    try {
      if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the command does not end, see " + output);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      kill();
    }
  }

  /** Starts the process and returns when the HTTP port answers. */
  public LibertyServer start() {
    launch();
    Await.until(
        "server answers, see " + output,
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("server process ended, see " + output);
          }
          return get("/probes/liveness").statusCode() > 0;
        });
    return this;
  }

  private void launch() {
    Path home = Path.of(System.getProperty("liberty.home", "target/liberty/wlp")).toAbsolutePath();
    forgetOlderApplication(home.resolve("usr/servers/powersync/apps/powersync.ear"));
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/server").toString(), "run", "powersync");
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(output.resolve("console.log").toFile()));
    Map<String, String> env = builder.environment();
    env.put("JAVA_HOME", System.getProperty("java.home"));
    env.put("WLP_OUTPUT_DIR", output.toString());
    env.put("WLP_SKIP_UMASK", "true");
    env.put("LOG_DIR", output.resolve("logs").toString());
    env.put("PS_PORT", Integer.toString(port));
    env.put("PS_HOST", "127.0.0.1");
    env.put("POWERSYNC_CONFIG_PATH", output.resolve("powersync.yaml").toString());
    env.putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "stop-" + port));
  }

  /**
   * The server keeps modules of an application that it unpacked, also when there is a newer one.
   */
  private void forgetOlderApplication(Path application) {
    Path mark = output.resolve("application.txt");
    try {
      String now = Files.getLastModifiedTime(application).toString();
      if (!Files.exists(mark) || !Files.readString(mark).equals(now)) {
        deleteTree(output.resolve("powersync"));
        Files.writeString(mark, now);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Waits until the readiness probe says yes. */
  public LibertyServer awaitReady() {
    Await.until(
        "server is ready, see " + output,
        START,
        () -> get("/probes/readiness").statusCode() == 200);
    return this;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Folder with console.log and logs. */
  public Path output() {
    return output;
  }

  public long pid() {
    return process.pid();
  }

  /** A GET without authorization. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(uri().resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Ends the process at once, as a crash would. */
  public void kill() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the process as an operator would, and at the latest after 40 s by force. */
  public void stop() {
    if (process != null && process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      try {
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill();
      }
    }
  }

  @Override
  public void close() {
    stop();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
