package org.powersync.jakarta.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.bucket;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.put;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.Rows;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;

/** Checkpoints stay readable; operations come in order and in bounded pieces. */
public interface ReadingContract extends OpensStorage {
  Duration SOON = Duration.ofSeconds(20);

  @Test
  default void anEarlierCheckpointShowsWhatItShowed() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(todos, "00000002", put(table, "a", "1"));
      OpId earlier = todos.reader().checkpoint().opId();
      BucketName name = bucket(todos.stream(), "todos[]");
      BucketChecksum sum = todos.reader().checksums(earlier, List.of(name)).get(name);
      storage.write(todos, "00000003", put(table, "b", "1"));
      todos.reader().clearChecksumCache();
      assertThat(todos.reader().checksums(earlier, List.of(name))).containsEntry(name, sum);
      assertThat(todos.reader().read(earlier, from(name, 0), ReadLimits.DEFAULT))
          .singleElement()
          .satisfies(chunk -> assertThat(chunk.operations()).hasSize(1));
    }
  }

  @Test
  default void aBucketNobodyWroteIsEmpty() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      BucketName nothing = new BucketName("nothing[]");
      OpId checkpoint = todos.reader().checkpoint().opId();
      assertThat(todos.reader().checksums(checkpoint, List.of(nothing)))
          .isEqualTo(Map.of(nothing, BucketChecksum.EMPTY));
      assertThat(todos.reader().read(checkpoint, from(nothing, 0), ReadLimits.DEFAULT)).isEmpty();
    }
  }

  @Test
  default void operationsComeInPiecesThatCanBeContinued() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(
          todos, "00000002", put(table, "a", "1"), put(table, "b", "1"), put(table, "c", "1"));
      BucketName name = bucket(todos.stream(), "todos[]");
      OpId checkpoint = todos.reader().checkpoint().opId();
      ReadLimits two = new ReadLimits(2, 1 << 20);
      BucketChunk first = todos.reader().read(checkpoint, from(name, 0), two).get(0);
      assertThat(first.operations()).hasSize(2);
      assertThat(first.hasMore()).isTrue();
      List<BucketChunk> rest =
          todos.reader().read(checkpoint, from(name, first.nextAfter().value()), two);
      assertThat(rest).singleElement().satisfies(chunk -> assertThat(chunk.hasMore()).isFalse());
      assertThat(rest.get(0).nextAfter()).isEqualTo(checkpoint);
    }
  }

  @Test
  default void lookupsLeadUsersToTheirBuckets() {
    try (StorageUnderTest storage = open()) {
      BucketStorage lists = storage.serve(StorageUnderTest.LISTS);
      SourceTable table = storage.table(lists, "lists");
      storage.write(
          lists,
          "00000002",
          Rows.insert(table, Rows.row("id", "l1", "owner", "ann")),
          Rows.insert(table, Rows.row("id", "l2", "owner", "bob")));
      OpId first = lists.reader().checkpoint().opId();
      storage.write(lists, "00000003", Rows.update(table, Rows.row("id", "l2", "owner", "ann")));
      assertThat(bucketsOf(lists, "ann", first)).containsExactly("lists[\"l1\"]");
      assertThat(bucketsOf(lists, "bob", first)).containsExactly("lists[\"l2\"]");
      OpId second = lists.reader().checkpoint().opId();
      assertThat(bucketsOf(lists, "ann", second))
          .containsExactlyInAnyOrder("lists[\"l1\"]", "lists[\"l2\"]");
      assertThat(bucketsOf(lists, "bob", second)).isEmpty();
    }
  }

  @Test
  default void watchersSeeTheNewestCheckpointAndTheEndOfTheirStream() throws Exception {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      try (CheckpointSubscription watch = todos.reader().watch()) {
        assertThat(watch.next(SOON)).isInstanceOf(CheckpointSubscription.Advanced.class);
        storage.write(todos, "00000002", put(storage.table(todos, "todos"), "a", "1"));
        assertThat(watch.next(SOON))
            .isInstanceOfSatisfying(
                CheckpointSubscription.Advanced.class,
                event ->
                    assertThat(event.checkpoint().lsn().orElseThrow()).hasToString("00000002"));
        storage.serve(StorageUnderTest.LISTS, "00000002");
        assertThat(watch.next(SOON)).isInstanceOf(CheckpointSubscription.Ended.class);
      }
    }
  }

  @Test
  default void watchingNeedsAnActiveStream() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.deploy(StorageUnderTest.TODOS);
      assertThatThrownBy(() -> todos.reader().watch())
          .isInstanceOfSatisfying(
              PowerSyncException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S2302));
    }
  }

  private static List<BucketPosition> from(BucketName bucket, long after) {
    return List.of(new BucketPosition(bucket, new OpId(after)));
  }

  private static List<String> bucketsOf(BucketStorage storage, String user, OpId checkpoint) {
    return storage
        .syncConfig()
        .evaluate(new SyncRequest(Map.of("sub", user, "user_id", user), Map.of(), true, List.of()))
        .dynamicBuckets(lookups -> storage.reader().lookups(checkpoint, lookups, 1000))
        .stream()
        .map(ResolvedBucket::bucket)
        .map(name -> name.value().substring(name.value().indexOf('#') + 1))
        .toList();
  }
}
