package org.powersync.jakarta.telemetry;

/** Durations that are measured, under the names of their metrics. */
public enum Timing {
  CHECKPOINT_TO_LINE(
      "powersync_checkpoint_line_seconds",
      "From a checkpoint being seen by this process to its line being handed to a client"),
  FIRST_LINE(
      "powersync_first_line_seconds", "From a stream being opened to its first checkpoint line"),
  SLOT_WAIT("powersync_data_slot_wait_seconds", "How long a batch of data waited for a slot"),
  BATCH_READ("powersync_batch_read_seconds", "How long storage took to read a batch of data");

  private final String metric;
  private final String help;

  Timing(String metric, String help) {
    this.metric = metric;
    this.help = help;
  }

  String metric() {
    return metric;
  }

  String help() {
    return help;
  }
}
