package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.Optional;

/** The outcome of loading a document: every message at once, and the config when none is fatal. */
public record LoadResult(Optional<SyncConfig> config, List<ConfigMessage> messages) {
  public LoadResult {
    messages = List.copyOf(messages);
  }

  public List<ConfigMessage> fatal() {
    return messages.stream().filter(m -> m.level() == ConfigMessage.Level.FATAL).toList();
  }
}
