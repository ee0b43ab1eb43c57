package org.powersync.jakarta.config;

import java.util.List;
import org.powersync.jakarta.connection.document.ConfigurationProblem;

/** What loading led to: the configuration, or everything that is wrong with it. */
public sealed interface ConfigurationResult {
  /** The configuration, with its warnings inside. */
  record Loaded(PowerSyncConfiguration configuration) implements ConfigurationResult {}

  /**
   * No configuration.
   *
   * @param errors at least one
   */
  record Rejected(List<ConfigurationProblem> errors, List<ConfigurationProblem> warnings)
      implements ConfigurationResult {
    public Rejected {
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
    }
  }
}
