package org.powersync.jakarta.telemetry;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the source committed what the last checkpoints of this process brought: how old a change is
 * when a client gets it. Safe for all threads.
 */
public final class CommitTimes {
  private static final int KEPT = 256;

  private final Map<String, Instant> times =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * To be called before the checkpoint can be seen.
   *
   * @param position of the checkpoint
   * @param oldest when the first of its transactions was committed, by the source's clock
   */
  public synchronized void note(String position, Instant oldest) {
    times.put(position, oldest);
  }

  /** Empty for checkpoints of other processes, and for older ones. */
  public synchronized Optional<Instant> of(String position) {
    return Optional.ofNullable(times.get(position));
  }
}
