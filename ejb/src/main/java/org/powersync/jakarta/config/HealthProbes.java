package org.powersync.jakarta.config;

/**
 * Which probes are offered (configuration section 10).
 *
 * @param http whether the probe routes answer, in this runner type
 * @param files whether probe files are written
 */
public record HealthProbes(boolean http, boolean files) {
  /** Without a {@code probes} object, or with {@code use_legacy}. */
  static HealthProbes legacy(RunnerType runner) {
    return new HealthProbes(runner.servesApi(), true);
  }
}
