package org.powersync.jakarta.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters and durations of this process under their contractual names (sync API section 7.1).
 * All start at zero. Safe for all threads; counting is cheap enough for hot paths.
 */
public final class Counters {
  /** Which processes export a counter. */
  public enum Group {
    /** Those that serve streams. */
    API,
    /** Those that replicate. */
    REPLICATION
  }

  /** Counters by name; every one only ever grows. */
  public enum Counter {
    DATA_SYNCED_BYTES(
        "powersync_data_synced_bytes_total",
        "Bytes of lines sent, before compression",
        "bytes",
        Group.API),
    DATA_SENT_BYTES(
        "powersync_data_sent_bytes_total",
        "Bytes of lines sent, after compression",
        "bytes",
        Group.API),
    OPERATIONS_SYNCED(
        "powersync_operations_synced_total", "Operations in data lines sent", "", Group.API),
    REQUESTS_REJECTED(
        "powersync_requests_rejected_total",
        "Requests and connections turned away because too many were there",
        "",
        Group.API),
    CHECKPOINTS_INVALIDATED(
        "powersync_checkpoints_invalidated_total",
        "Checkpoints not completed because their data was compacted meanwhile",
        "",
        Group.API),
    CHECKPOINTS_SUPERSEDED(
        "powersync_checkpoints_superseded_total",
        "Checkpoints not completed because a newer one came while they were sent",
        "",
        Group.API),
    DATA_REPLICATED_BYTES(
        "powersync_data_replicated_bytes_total",
        "Bytes read from the source",
        "bytes",
        Group.REPLICATION),
    ROWS_REPLICATED(
        "powersync_rows_replicated_total", "Rows read from the source", "", Group.REPLICATION),
    TRANSACTIONS_REPLICATED(
        "powersync_transactions_replicated_total",
        "Transactions read from the source",
        "",
        Group.REPLICATION),
    CHUNKS_REPLICATED(
        "powersync_chunks_replicated_total",
        "Chunks of snapshots read from the source",
        "",
        Group.REPLICATION);

    private final String metric;
    private final String help;
    private final String unit;
    private final Group group;

    Counter(String metric, String help, String unit, Group group) {
      this.metric = metric;
      this.help = help;
      this.unit = unit;
      this.group = group;
    }

    public String metric() {
      return metric;
    }
  }

  private final LongAdder[] counters = new LongAdder[Counter.values().length];
  private final Durations[] durations = new Durations[Timing.values().length];
  private final AtomicLong openStreams = new AtomicLong();
  private final CommitTimes commitTimes = new CommitTimes();

  public Counters() {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new LongAdder();
    }
    for (int i = 0; i < durations.length; i++) {
      durations[i] = new Durations();
    }
  }

  public void add(Counter counter, long amount) {
    counters[counter.ordinal()].add(amount);
  }

  /** Notes how long something took. */
  public void time(Timing timing, long nanos) {
    durations[timing.ordinal()].add(nanos);
  }

  /** Notes how long ago something happened, by the clocks of this machine and of where it did. */
  public void timeSince(Timing timing, Instant begun) {
    time(timing, Duration.between(begun, Instant.now()).toNanos());
  }

  Durations durations(Timing timing) {
    return durations[timing.ordinal()];
  }

  /** When the source committed what checkpoints of this process brought. */
  public CommitTimes commitTimes() {
    return commitTimes;
  }

  public void streamOpened() {
    openStreams.incrementAndGet();
  }

  public void streamClosed() {
    openStreams.decrementAndGet();
  }

  /** Open sync streams now. */
  public long openStreams() {
    return openStreams.get();
  }

  /** Current values by metric name. */
  public Map<String, Long> values() {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Counter counter : Counter.values()) {
      values.put(counter.metric(), counters[counter.ordinal()].sum());
    }
    return values;
  }

  /** The figures of one kind of process. */
  public List<Metric> metrics(Group group) {
    List<Metric> metrics = new ArrayList<>();
    for (Counter counter : Counter.values()) {
      if (counter.group == group) {
        metrics.add(
            new Metric(
                counter.metric,
                counter.help,
                Metric.Kind.COUNTER,
                counter.unit,
                counters[counter.ordinal()].sum()));
      }
    }
    if (group == Group.API) {
      metrics.add(
          Metric.gauge("powersync_concurrent_connections", "Open sync streams", "", openStreams()));
    }
    return metrics;
  }
}
