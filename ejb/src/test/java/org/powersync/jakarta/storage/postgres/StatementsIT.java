package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.CountingDataSource;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** How many statements writing takes: as many for two thousand rows as for two. */
class StatementsIT {
  private static final SourceTable TEST =
      WriterDatabase.table(WriterDatabase.TABLE_ID, "test", true, true);
  private static final RowConfig CONFIG =
      RowConfig.global(2)
          .withParameters(
              (table, row) ->
                  List.of(RowConfig.entry("l", row.value("id"), RowConfig.output(row))));

  private final WriterDatabase database = new WriterDatabase(2);
  private final CountingDataSource counting =
      new CountingDataSource(database.database().dataSource());
  private final BucketWriter writer = database.writer(CONFIG, counting);

  @BeforeEach
  void allow() {
    database.snapshotsDone("0");
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  @Test
  void aFlushTakesAConstantNumberOfStatements() {
    long few = statementsOfFlush("few", 2);
    long many = statementsOfFlush("many", 2_000);
    assertThat(many).isEqualTo(few).isLessThanOrEqualTo(8);
  }

  @Test
  void updatesOfKnownRowsTakeAConstantNumberToo() {
    statementsOfFlush("r", 1_999);
    long few = statementsOfUpdates(3);
    assertThat(statementsOfUpdates(1_999)).isEqualTo(few).isLessThanOrEqualTo(8);
  }

  @Test
  void aCommitTakesAFewStatements() {
    writer.commit(new Lsn("1"), true);
    statementsOfFlush("r", 10);
    counting.reset();
    writer.commit(new Lsn("2"), true);
    assertThat(counting.statements()).isLessThanOrEqualTo(4);
  }

  private long statementsOfFlush(String prefix, int rows) {
    for (int i = 0; i < rows - 1; i++) {
      writer.save(insert(TEST, row("id", prefix + i, "v", "1")));
    }
    counting.reset();
    // The last one of a full queue flushes by itself.
    writer.save(insert(TEST, row("id", prefix + "last", "v", "1")));
    writer.flush();
    return counting.statements();
  }

  private long statementsOfUpdates(int rows) {
    for (int i = 0; i < rows - 1; i++) {
      writer.save(update(TEST, row("id", "r" + i, "v", SqlValue.ABSENT)));
    }
    counting.reset();
    writer.flush();
    return counting.statements();
  }
}
