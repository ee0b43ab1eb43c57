package org.powersync.jakarta.storage;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A sync config to deploy.
 *
 * @param content the YAML, verbatim
 * @param syncPlan the compiled plan as JSON text; empty for bucket definitions
 * @param storageVersion an explicit version; empty = what the config or the settings say
 */
public record Deployment(String content, Optional<String> syncPlan, OptionalInt storageVersion) {
  public static Deployment of(String content) {
    return new Deployment(content, Optional.empty(), OptionalInt.empty());
  }
}
