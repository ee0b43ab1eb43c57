package org.powersync.jakarta.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.bucket;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.operations;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.put;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.remove;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.BucketName;

/** Compaction makes buckets smaller and nothing else. */
public interface CompactionContract extends OpensStorage {
  @Test
  default void compactionKeepsTheChecksum() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(
          todos,
          "00000002",
          put(table, "a", "1"),
          put(table, "b", "1"),
          remove(table, "a"),
          put(table, "b", "2"));
      OpId checkpoint = todos.reader().checkpoint().opId();
      BucketName name = bucket(todos.stream(), "todos[]");
      int before = todos.reader().checksums(checkpoint, List.of(name)).get(name).checksum();
      CompactionReport report = compact(storage, todos);
      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.operationsBefore()).isEqualTo(4);
      assertThat(report.operationsAfter()).isEqualTo(2);
      assertThat(operations(todos, "todos[]", 0)).containsExactly("CLEAR", "PUT b");
      todos.reader().clearChecksumCache();
      assertThat(todos.reader().checksums(checkpoint, List.of(name)).get(name).checksum())
          .isEqualTo(before);
    }
  }

  @Test
  default void defragmentedBucketsCanBeCleared() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(
          todos, "00000002", put(table, "old", "1"), put(table, "a", "1"), put(table, "a", "2"));
      compact(storage, todos);
      assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT old", "MOVE", "PUT a");
      assertThat(
              storage
                  .compaction()
                  .defragment(todos.stream().id(), bucket(todos.stream(), "todos[]"), () -> false)
                  .rewritten())
          .isEqualTo(1);
      storage.write(todos, "00000003");
      compact(storage, todos);
      assertThat(operations(todos, "todos[]", 0)).containsExactly("CLEAR", "PUT a", "PUT old");
    }
  }

  @Test
  default void aStreamThatDoesNotServeIsLeftAlone() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.deploy(StorageUnderTest.TODOS);
      assertThat(compact(storage, todos).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
    }
  }

  private static CompactionReport compact(StorageUnderTest storage, BucketStorage stream) {
    return storage
        .compaction()
        .compact(stream.stream().id(), CompactionOptions.DEFAULT, () -> false);
  }
}
