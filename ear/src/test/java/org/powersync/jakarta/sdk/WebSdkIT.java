package org.powersync.jakarta.sdk;

import java.nio.file.Path;
import java.util.Map;
import org.powersync.jakarta.browser.Chromium;

/** {@code @powersync/web} in headless Chromium. */
class WebSdkIT extends SdkContract {
  WebSdkIT() {
    super("web-client.mjs", Map.of("chromium", chromium().toString()));
  }

  private static Path chromium() {
    return Chromium.find()
        .orElseThrow(() -> new IllegalStateException("Chromium must be on the PATH"));
  }
}
