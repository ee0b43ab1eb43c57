package org.powersync.jakarta.storage.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The data cases of the storage conformance list, by number. */
class WriterDataIT {
  private static final SourceTable TEST = WriterDatabase.dataTable("test");

  private static RowConfig g(int version) {
    return RowConfig.global(version, "id", "description");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d1RemovingARow(int version) throws Exception {
    try (WriterDatabase db = new WriterDatabase(version);
        BucketWriter writer = db.writer(g(version))) {
      db.snapshotsDone("1/1");
      writer.save(insert(TEST, row("id", "test1", "description", "test1")));
      writer.save(delete(TEST, "test1"));
      assertThat(writer.commit(new Lsn("1/1"), true))
          .isEqualTo(new BucketWriter.CommitResult(false, true));
      assertThat(db.operations())
          .extracting(text -> text.substring(2))
          .containsExactly("PUT test1 2871785649", "REMOVE test1 2872534815");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d8ReappliedUpdateAndDelete(int version) throws Exception {
    try (WriterDatabase db = new WriterDatabase(version);
        BucketWriter writer = db.writer(g(version))) {
      writer.save(insert(TEST, row("id", "test1", "description", "test1")));
      writer.flush();
      for (String position : new String[] {"1/1", "2/1"}) {
        db.snapshotsDone("1/1");
        writer.save(update(TEST, row("id", "test1", "description", SqlValue.ABSENT)));
        writer.save(update(TEST, row("id", "test1", "description", SqlValue.ABSENT)));
        writer.save(delete(TEST, "test1"));
        writer.commit(new Lsn(position), true);
      }
      assertThat(db.operations())
          .extracting(text -> text.substring(2))
          .containsExactly(
              "PUT test1 2871785649",
              "PUT test1 2871785649",
              "PUT test1 2871785649",
              "REMOVE test1 2872534815");
    }
  }
}
