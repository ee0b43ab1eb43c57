package org.powersync.jakarta.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures in the text format of Prometheus (sync API section 7.1). One thread; used once. */
public final class PrometheusText {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder(4096);

  /** Says what the figures are about: one gauge whose labels are the resource's attributes. */
  public PrometheusText target(Map<String, String> attributes) {
    head("target_info", "Target metadata", "gauge", "");
    out.append("target_info{");
    String separator = "";
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      out.append(separator).append(attribute.getKey()).append("=\"");
      out.append(escaped(attribute.getValue())).append('"');
      separator = ",";
    }
    out.append("} 1\n");
    return this;
  }

  public PrometheusText metrics(List<Metric> metrics) {
    for (Metric metric : metrics) {
      head(
          metric.name(),
          metric.help(),
          metric.kind().name().toLowerCase(Locale.ROOT),
          metric.unit());
      out.append(metric.name()).append(' ').append(metric.value()).append('\n');
    }
    return this;
  }

  /** The durations that one kind of process measures, as histograms. */
  public PrometheusText timings(Counters counters, Counters.Group group) {
    for (Timing timing : Timing.values()) {
      if (timing.group() == group) {
        histogram(timing, counters);
      }
    }
    return this;
  }

  private void histogram(Timing timing, Counters counters) {
    Durations durations = counters.durations(timing);
    String name = timing.metric();
    head(name, timing.help(), "histogram", "seconds");
    long[] cumulative = durations.cumulative();
    for (int i = 0; i < cumulative.length; i++) {
      String bound =
          i < Durations.BOUNDS_MICROS.length
              ? Double.toString(Durations.BOUNDS_MICROS[i] / 1e6)
              : "+Inf";
      out.append(name).append("_bucket{le=\"").append(bound).append("\"} ");
      out.append(cumulative[i]).append('\n');
    }
    out.append(name).append("_sum ").append(durations.seconds()).append('\n');
    out.append(name).append("_count ").append(cumulative[cumulative.length - 1]).append('\n');
  }

  private void head(String name, String help, String type, String unit) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    if (!unit.isEmpty()) {
      out.append("# UNIT ").append(name).append(' ').append(unit).append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
