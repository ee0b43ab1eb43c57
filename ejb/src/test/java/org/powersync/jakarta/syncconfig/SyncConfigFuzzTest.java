package org.powersync.jakarta.syncconfig;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No document crashes the loader or, once loaded, an evaluation; none hangs or eats memory.
 * Whatever is wrong becomes messages with a place or errors of one row. {@code mvn -Pfuzz} makes a
 * long run with new seeds; a failure names the seed to keep in {@link #KEPT_SEEDS}.
 */
class SyncConfigFuzzTest {
  private static final List<Long> KEPT_SEEDS = List.of(1L, 2L, 3L);
  private static final int DOCUMENTS_PER_SEED = 200;

  /** Generous, since the machine may be busy; a run takes about a second. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final DamagedDocuments documents;
  private final AtomicLong usable = new AtomicLong();

  SyncConfigFuzzTest() throws IOException {
    documents = new DamagedDocuments();
  }

  static List<Long> seeds() {
    return KEPT_SEEDS;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keptSeedsLoadAndEvaluate(long seed) {
    assertTimeoutPreemptively(LIMIT, () -> fuzz(seed));
  }

  @Test
  void newSeedsLoadAndEvaluate() {
    long nanos = TimeUnit.SECONDS.toNanos(Long.getLong("syncconfig.fuzz.seconds", 1));
    long start = System.nanoTime();
    long runs = 0;
    while (System.nanoTime() - start < nanos) {
      long seed = System.nanoTime();
      assertTimeoutPreemptively(LIMIT, () -> fuzz(seed), "seed " + seed);
      runs++;
    }
    System.out.println(
        "fuzzed: " + runs * DOCUMENTS_PER_SEED + " documents, " + usable + " of them usable");
  }

  private void fuzz(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < DOCUMENTS_PER_SEED; i++) {
      String yaml = documents.next(random);
      try {
        if (FuzzedConfig.use(yaml, random)) {
          usable.incrementAndGet();
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", document " + i + ":\n" + yaml, e);
      }
    }
  }
}
