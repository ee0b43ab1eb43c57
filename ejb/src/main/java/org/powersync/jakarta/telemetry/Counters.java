package org.powersync.jakarta.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of this process under their contractual names (sync API section 7.1). All start at
 * zero. Safe for all threads; counting is cheap enough for hot paths.
 */
@ApplicationScoped
public class Counters {
  /** Counters by name; every one only ever grows. */
  public enum Counter {
    DATA_SYNCED_BYTES("powersync_data_synced_bytes_total"),
    DATA_SENT_BYTES("powersync_data_sent_bytes_total"),
    OPERATIONS_SYNCED("powersync_operations_synced_total"),
    DATA_REPLICATED_BYTES("powersync_data_replicated_bytes_total"),
    ROWS_REPLICATED("powersync_rows_replicated_total"),
    TRANSACTIONS_REPLICATED("powersync_transactions_replicated_total"),
    CHUNKS_REPLICATED("powersync_chunks_replicated_total");

    private final String metric;

    Counter(String metric) {
      this.metric = metric;
    }

    public String metric() {
      return metric;
    }
  }

  private final LongAdder[] counters = new LongAdder[Counter.values().length];
  private final AtomicLong openStreams = new AtomicLong();

  public Counters() {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new LongAdder();
    }
  }

  public void add(Counter counter, long amount) {
    counters[counter.ordinal()].add(amount);
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
}
