package org.powersync.jakarta.sdk;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code @powersync/web} in headless Chromium. */
class WebSdkIT extends SdkContract {
  WebSdkIT() {
    super("web-client.mjs", Map.of("chromium", chromium().toString()));
  }

  private static Path chromium() {
    List<String> names = List.of("chromium", "chromium-browser", "google-chrome");
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Chromium must be on the PATH, as one of " + String.join(", ", names)));
  }
}
