package org.powersync.jakarta.replication.postgres.server;

import java.time.Duration;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.server.SlotLostException.Phase;

/**
 * Looks after the slot while tables are copied: nothing is acknowledged meanwhile, so the server
 * may give the slot up (replication sections 1.8 and 1.14). Safe for all threads.
 */
public final class SlotWatch {
  /** Between two checks. */
  public static final Duration INTERVAL = Duration.ofSeconds(120);

  private final String slot;
  private final ShortQueries queries;
  private final Duration interval;
  private WalBudget budget;
  private long checkedAt = System.nanoTime();

  /**
   * @param interval zero = after every chunk
   */
  public SlotWatch(String slot, ShortQueries queries, Duration interval) {
    this.slot = slot;
    this.queries = queries;
    this.interval = interval;
  }

  /**
   * Checks the slot when the interval has passed.
   *
   * @throws SlotLostException when it is gone or lost
   */
  public synchronized void checkIfDue() {
    long now = System.nanoTime();
    if (now - checkedAt < interval.toNanos()) {
      return;
    }
    checkedAt = now;
    if (budget == null) {
      budget = queries.run("reading max_slot_wal_keep_size", WalBudget::read);
    }
    Optional<ReplicationSlot> found =
        queries.run(
            "looking at the replication slot",
            connection -> ReplicationSlots.find(connection, slot));
    if (found.isEmpty()) {
      throw SlotLostException.vanished(slot, Phase.SNAPSHOT);
    }
    if (found.get().lost()) {
      SlotLostException lost =
          SlotLostException.lost(slot, Phase.SNAPSHOT, found.get().invalidationReason());
      budget.limit().ifPresent(limit -> lost.with("limit", WalBudget.size(limit)));
      throw lost;
    }
    budget.log(found.get(), now);
  }
}
