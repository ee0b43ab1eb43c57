package org.powersync.jakarta.storage.postgres.cases;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.ReaderFactory;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.read.CheckpointWatch;
import org.powersync.jakarta.storage.postgres.read.PostgresBucketReader;
import org.powersync.jakarta.storage.postgres.read.PostgresWriteCheckpoints;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Readers of one test database; they share a watch as those of one process do. */
public final class TestReaders implements ReaderFactory, AutoCloseable {
  private final SqlTransactions sql;
  private final CheckpointWatch watch;

  public TestReaders(Database database) {
    sql = new SqlTransactions(database.dataSource());
    watch =
        new CheckpointWatch(
            sql, database::connect, Executors.defaultThreadFactory(), Duration.ofMillis(200));
  }

  @Override
  public BucketReader reader(StorageResources resources, ReplicationStream stream) {
    return PostgresBucketReader.of(
        sql,
        stream.id(),
        watch,
        new OwnCommits(),
        Duration.ofMinutes(60),
        InstantSource.system(),
        Runnable::run);
  }

  public WriteCheckpoints writeCheckpoints() {
    return new PostgresWriteCheckpoints(sql);
  }

  @Override
  public void close() {
    watch.close();
  }
}
