package org.powersync.jakarta.sdk;

import java.util.Map;

/** {@code @powersync/node}. */
class NodeSdkIT extends SdkContract {
  NodeSdkIT() {
    super("node-client.mjs", Map.of());
  }
}
