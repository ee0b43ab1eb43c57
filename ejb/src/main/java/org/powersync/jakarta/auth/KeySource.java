package org.powersync.jakarta.auth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.powersync.jakarta.error.PowerSyncException;

/** Where keys come from. Implementations are safe for all threads. */
interface KeySource {
  /**
   * The keys as known now; what is missing is being fetched.
   *
   * @return completed already unless a fetch has to be waited for; never exceptionally
   */
  CompletionStage<Keys> keys();

  /** Says that a key was looked for in vain, so that new ones may be worth fetching. */
  default void keyNotFound() {}

  /**
   * Keys in the order they are tried.
   *
   * @param error why there may be fewer keys than there should be
   */
  record Keys(List<VerificationKey> keys, Optional<PowerSyncException> error) {
    public Keys {
      keys = List.copyOf(keys);
    }
  }
}
