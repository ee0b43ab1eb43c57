package org.powersync.jakarta.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Metrics and telemetry (configuration section 10).
 *
 * @param prometheusPort of the metrics listener; absent = none
 * @param endpoint where usage figures are sent; only an operator sets one
 */
public record TelemetrySettings(OptionalInt prometheusPort, Optional<String> endpoint) {}
