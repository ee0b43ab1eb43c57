package org.powersync.jakarta.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What this process does (configuration section 12). */
public enum RunnerType {
  /** Serves the API and replicates. */
  UNIFIED,
  /** Serves the API only. */
  API,
  /** Replicates only. */
  SYNC,
  /** Runs one command of the operator and ends. */
  COMMAND;

  /** Whether this process serves sync streams and the admin API. */
  public boolean servesApi() {
    return this == UNIFIED || this == API;
  }

  /** Whether this process replicates. */
  public boolean replicates() {
    return this == UNIFIED || this == SYNC;
  }

  static Optional<RunnerType> of(String text) {
    return Arrays.stream(values())
        .filter(type -> type != COMMAND && type.text().equals(text))
        .findFirst();
  }

  static List<String> texts() {
    return Arrays.stream(values()).filter(type -> type != COMMAND).map(RunnerType::text).toList();
  }

  /** As written in {@code PS_RUNNER_TYPE}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
