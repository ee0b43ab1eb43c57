package org.powersync.jakarta.auth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keys of the configuration. */
final class StaticKeys implements KeySource {
  private final CompletionStage<Keys> keys;

  StaticKeys(List<VerificationKey> keys) {
    this.keys = CompletableFuture.completedStage(new Keys(keys, Optional.empty()));
  }

  @Override
  public CompletionStage<Keys> keys() {
    return keys;
  }
}
