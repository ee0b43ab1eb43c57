package org.powersync.jakarta.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** Where the text of the sync config comes from (configuration section 1). */
public sealed interface SyncConfigSource {
  /** Given as text, inline or in a variable. */
  record Text(String content) implements SyncConfigSource {}

  /** In a file, which only the replicating process needs to have. */
  record File(Path path) implements SyncConfigSource {}

  /** Deployed through the API and kept in the storage. */
  record Managed() implements SyncConfigSource {}

  /** Whether the API may deploy sync configs. */
  default boolean deployable() {
    return this instanceof Managed;
  }

  /**
   * The text, read now; empty if it is managed through the API.
   *
   * @throws PowerSyncException if the file cannot be read
   */
  default Optional<String> read() {
    if (this instanceof Text text) {
      return Optional.of(text.content());
    }
    if (this instanceof File file) {
      try {
        return Optional.of(Files.readString(file.path()));
      } catch (IOException e) {
        throw new PowerSyncException(
                ErrorCode.PSYNC_S2001, "The sync config file cannot be read; check its path", e)
            .with("path", file.path());
      }
    }
    return Optional.empty();
  }
}
