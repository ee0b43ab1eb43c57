package org.powersync.jakarta.browser;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds and starts headless Chromium. For one thread. */
public final class Chromium implements AutoCloseable {
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final URI devTools;

  /**
   * @param program as found
   * @param profile folder for its files, need not exist
   */
  public Chromium(Path program, Path profile) {
    try {
      process =
          new ProcessBuilder(
                  program.toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile)
              .redirectErrorStream(true)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(this::close));
      devTools = awaitAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chromium or Chrome on the PATH. */
  public static Optional<Path> find() {
    List<String> names = List.of("chromium", "chromium-browser", "google-chrome");
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private URI awaitAddress() throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        drain(lines);
        return URI.create(line.substring(LISTENING.length()).trim());
      }
      said.append(line).append('\n');
    }
    throw new IllegalStateException("Chromium ended:\n" + said);
  }

  /** It stops when nobody reads what it says. */
  private static void drain(BufferedReader lines) {
    Thread reader = new Thread(() -> lines.lines().forEach(line -> {}), "output of chromium");
    reader.setDaemon(true);
    reader.start();
  }

  /** A new tab with this address. */
  public BrowserPage open(URI address) {
    return new BrowserPage(devTools, address);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
