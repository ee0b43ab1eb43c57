package org.powersync.jakarta.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.operations;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.put;
import static org.powersync.jakarta.storage.contract.StorageUnderTest.remove;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.write.Rows;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Changes of rows become operations of buckets, visible from commit to commit. */
public interface WritingContract extends OpensStorage {
  @Test
  default void changesBecomeOperationsInTheirOrder() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(
          todos, "00000002", put(table, "a", "1"), put(table, "b", "1"), remove(table, "a"));
      assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a", "PUT b", "REMOVE a");
    }
  }

  @Test
  default void flushedChangesAreInvisibleUntilACommit() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      try (BucketWriter writer = todos.writer(WriterOptions.streaming())) {
        writer.save(put(table, "a", "1"));
        assertThat(writer.flush()).isPresent();
        assertThat(operations(todos, "todos[]", 0)).isEmpty();
        writer.commit(new Lsn("00000002"), true);
        assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a");
      }
    }
  }

  @Test
  default void aCommitBelowTheEndOfACopyIsBlockedAndRemembered() {
    commitIsBlockedAndRemembered(writer -> writer.markAllSnapshotDone(new Lsn("00000009")));
  }

  @Test
  default void aCommitBelowTheBarrierIsBlockedAndRemembered() {
    commitIsBlockedAndRemembered(
        writer -> {
          writer.raiseBarrier(new Lsn("00000009"));
          writer.raiseBarrier(new Lsn("00000003"));
        });
  }

  private void commitIsBlockedAndRemembered(Consumer<BucketWriter> barrier) {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      try (BucketWriter writer = todos.writer(WriterOptions.streaming())) {
        barrier.accept(writer);
        writer.save(put(table, "a", "1"));
        assertThat(writer.commit(new Lsn("00000005"), true).blocked()).isTrue();
        assertThat(operations(todos, "todos[]", 0)).isEmpty();
      }
      storage.write(todos, "00000009");
      assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a");
    }
  }

  @Test
  default void changesStoredBeforeTheirCommitAreNotSeenBelowIt() {
    partIsNotSeenBelowItsCommit(
        (writer, table) -> {
          writer.save(remove(table, "a"));
          assertThat(writer.flush()).isPresent();
        });
  }

  @Test
  default void aTruncateStoredBeforeItsCommitIsNotSeenBelowIt() {
    partIsNotSeenBelowItsCommit(
        (writer, table) -> assertThat(writer.truncate(List.of(table))).isPresent());
  }

  @Test
  default void changesStoredBesideIncompleteRowsAreNotSeenBelowTheirCommit() {
    partIsNotSeenBelowItsCommit(
        (writer, table) -> {
          writer.save(remove(table, "a"));
          writer.save(Rows.update(table, Rows.row("id", "c", "body", SqlValue.ABSENT)));
          assertThat(writer.commitIfComplete(new Lsn("00000005"), true).incomplete()).isTrue();
        });
  }

  /** Nothing is left to truncate when the transaction comes again, but much to show. */
  @Test
  default void aTruncateStoredBeforeItsCommitIsSeenWithIt() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(todos, "00000002", put(table, "a", "1"));
      try (BucketWriter killed = todos.writer(WriterOptions.streaming())) {
        killed.beginTransaction(new Lsn("00000005"));
        killed.truncate(List.of(table));
      }
      try (BucketWriter next = todos.writer(WriterOptions.streaming())) {
        next.beginTransaction(new Lsn("00000005"));
        next.truncate(List.of(table));
        assertThat(next.commit(new Lsn("00000005"), false).created()).isTrue();
      }
      assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a", "REMOVE a");
    }
  }

  /** The writer ends after a part; the next one begins with the transaction before it. */
  private void partIsNotSeenBelowItsCommit(BiConsumer<BucketWriter, SourceTable> part) {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(todos, "00000002", put(table, "a", "1"));
      try (BucketWriter killed = todos.writer(WriterOptions.streaming())) {
        killed.beginTransaction(new Lsn("00000005"));
        part.accept(killed, table);
      }
      try (BucketWriter next = todos.writer(WriterOptions.streaming())) {
        next.beginTransaction(new Lsn("00000004"));
        next.save(put(table, "b", "1"));
        assertThat(next.commit(new Lsn("00000004"), true).blocked()).isTrue();
        assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a");
        next.beginTransaction(new Lsn("00000005"));
        next.save(remove(table, "a"));
        assertThat(next.commit(new Lsn("00000005"), true).created()).isTrue();
        assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a", "REMOVE a", "PUT b");
      }
    }
  }

  @Test
  default void unchangedValuesAreFilledIn() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(todos, "00000002", put(table, "a", "kept"));
      OpId checkpoint = todos.reader().checkpoint().opId();
      storage.write(
          todos, "00000003", Rows.update(table, Rows.row("id", "a", "body", SqlValue.ABSENT)));
      assertThat(operations(todos, "todos[]", checkpoint.value())).containsExactly("PUT a");
    }
  }

  @Test
  default void truncatedTablesLeaveTheirBuckets() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      SourceTable table = storage.table(todos, "todos");
      storage.write(todos, "00000002", put(table, "a", "1"));
      try (BucketWriter writer = todos.writer(WriterOptions.streaming())) {
        writer.truncate(List.of(table));
        writer.commit(new Lsn("00000003"), true);
      }
      assertThat(operations(todos, "todos[]", 0)).containsExactly("PUT a", "REMOVE a");
    }
  }

  @Test
  default void clearedStreamsAreEmpty() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      storage.write(todos, "00000002", put(storage.table(todos, "todos"), "a", "1"));
      todos.clear(() -> false);
      assertThat(todos.reader().checkpoint().opId()).isEqualTo(OpId.ZERO);
      assertThat(todos.status().snapshotDone()).isFalse();
    }
  }
}
