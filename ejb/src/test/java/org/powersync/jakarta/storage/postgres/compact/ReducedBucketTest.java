package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.compact.ReducedBucket.Operation;

class ReducedBucketTest {
  private static final List<Operation> WRITTEN =
      List.of(
          new Operation(1, "PUT", "t1", 2634521662L, "{}"),
          new Operation(2, "PUT", "t2", 4243212114L, "{}"),
          new Operation(3, "REMOVE", "t1", 4228978084L, null),
          new Operation(4, "PUT", "t2", 4243212114L, "{}"));

  @Test
  void v1Reduce() {
    ReducedBucket reduced = new ReducedBucket().apply(WRITTEN);
    assertThat(reduced.operations())
        .containsExactly(
            new Operation(0, "CLEAR", null, -1778190028, null),
            new Operation(0, "PUT", "t2", 4243212114L, "{}"));
    assertThat(new ReducedBucket().apply(reduced.operations())).isEqualTo(reduced);
    for (int split = 0; split <= WRITTEN.size(); split++) {
      ReducedBucket first = new ReducedBucket().apply(WRITTEN.subList(0, split));
      assertThat(
              new ReducedBucket()
                  .apply(first.operations())
                  .apply(WRITTEN.subList(split, WRITTEN.size())))
          .as("split at %d", split)
          .isEqualTo(reduced);
    }
  }
}
