package org.powersync.jakarta.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.connection.document.Base64Text;
import org.powersync.jakarta.connection.document.ConfigurationDocument;
import org.powersync.jakarta.connection.document.ConfigurationSection;

/** Finds where the sync config comes from (configuration sections 1 and 7). */
final class SyncConfigReader {
  private static final String VARIABLE = "POWERSYNC_SYNC_CONFIG_B64";
  private static final String DEPRECATED_VARIABLE = "POWERSYNC_SYNC_RULES_B64";

  private final ConfigurationSection root;
  private final ConfigurationSection section;
  private final UnaryOperator<String> environment;
  private final Path workingDirectory;

  SyncConfigReader(
      ConfigurationSection root, UnaryOperator<String> environment, Path workingDirectory) {
    this.root = root;
    this.environment = environment;
    this.workingDirectory = workingDirectory;
    if (root.has("sync_config") && root.has("sync_rules")) {
      root.error("sync_rules", "use only one of sync_config and sync_rules");
    }
    this.section = root.sectionOrEmpty(root.has("sync_config") ? "sync_config" : "sync_rules");
  }

  boolean exitOnError() {
    return section.flag("exit_on_error", true);
  }

  /** The source that comes first. */
  SyncConfigSource source() {
    Optional<String> path = section.text("path").filter(text -> !text.isEmpty());
    Optional<String> content = section.text("content").filter(text -> !text.isEmpty());
    section.ignore("exit_on_error");
    for (String variable : new String[] {VARIABLE, DEPRECATED_VARIABLE}) {
      String base64 = environment.apply(variable);
      if (base64 != null && !base64.isEmpty()) {
        return decoded(variable, base64);
      }
    }
    if (path.isPresent()) {
      return new SyncConfigSource.File(directory().resolve(path.get()).normalize());
    }
    return content
        .<SyncConfigSource>map(SyncConfigSource.Text::new)
        .orElseGet(SyncConfigSource.Managed::new);
  }

  /** Of the configuration file that was named, even if it is not the one used. */
  private Path directory() {
    return ConfigurationDocument.namedFile(environment, workingDirectory)
        .map(Path::getParent)
        .orElse(workingDirectory);
  }

  private SyncConfigSource decoded(String variable, String base64) {
    Optional<byte[]> bytes = Base64Text.decode(base64);
    if (bytes.isEmpty()) {
      root.problems().error(variable, 0, "is not valid Base64");
      return new SyncConfigSource.Managed();
    }
    return new SyncConfigSource.Text(new String(bytes.get(), StandardCharsets.UTF_8));
  }
}
