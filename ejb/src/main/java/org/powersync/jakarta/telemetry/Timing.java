package org.powersync.jakarta.telemetry;

/** Durations that are measured, under the names of their metrics. */
public enum Timing {
  COMMIT_TO_LINE(
      "powersync_commit_line_seconds",
      "From the source's commit of the oldest change in a checkpoint to its line being handed to a"
          + " client, where one process does both"),
  CHECKPOINT_TO_LINE(
      "powersync_checkpoint_line_seconds",
      "From a checkpoint being seen by this process to its line being handed to a client"),
  FIRST_LINE(
      "powersync_first_line_seconds", "From a stream being opened to its first checkpoint line"),
  SLOT_WAIT("powersync_data_slot_wait_seconds", "How long a batch of data waited for a slot"),
  BATCH_READ("powersync_batch_read_seconds", "How long storage took to read a batch of data"),
  COMMIT_TO_CHECKPOINT(
      "powersync_commit_checkpoint_seconds",
      "From the source's commit of the oldest change in a checkpoint to the checkpoint in storage",
      Counters.Group.REPLICATION);

  private final String metric;
  private final String help;
  private final Counters.Group group;

  Timing(String metric, String help) {
    this(metric, help, Counters.Group.API);
  }

  Timing(String metric, String help, Counters.Group group) {
    this.metric = metric;
    this.help = help;
    this.group = group;
  }

  Counters.Group group() {
    return group;
  }

  String metric() {
    return metric;
  }

  String help() {
    return help;
  }
}
