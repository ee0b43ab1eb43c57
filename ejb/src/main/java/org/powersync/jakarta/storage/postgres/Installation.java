package org.powersync.jakarta.storage.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.storage.BucketStorageProvider.StorageMetrics;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.storage.StorageFailure;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.entity.InstanceRow;
import org.powersync.jakarta.storage.postgres.lock.LockTable;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/** Facts about the storage database as a whole (storage sections 4.6, 4.8, 4.9). */
final class Installation {
  private static final String INSTANCE_LOCK = "instance-id-insertion-lock";
  private static final Duration INSTANCE_WAIT = Duration.ofSeconds(10);
  private static final Duration INSTANCE_PAUSE = Duration.ofMillis(100);

  private static final String SYSTEM =
      "SELECT system_identifier::text, current_database() FROM pg_control_system()";

  private static final String SKIP =
      "SELECT setval('powersync.op_id_sequence', nextval('powersync.op_id_sequence') + ?)";

  private static final String SIZES =
      """
      SELECT pg_total_relation_size('powersync.bucket_data'),
        pg_total_relation_size('powersync.bucket_parameters'),
        pg_total_relation_size('powersync.current_data')
          + coalesce(pg_total_relation_size(to_regclass('powersync.v3_current_data')), 0)
      WHERE EXISTS (SELECT FROM powersync.sync_rules WHERE state IN ('ACTIVE', 'ERRORED'))\
      """;

  private final EntityTransactions transactions;
  private final SqlTransactions sql;
  private final LockTable locks;
  private volatile String instanceId;

  Installation(EntityTransactions transactions, SqlTransactions sql, LockTable locks) {
    this.transactions = transactions;
    this.sql = sql;
    this.locks = locks;
  }

  /** Stored at the first call ever; several processes may make it at once. */
  String instanceId() {
    String known = instanceId;
    if (known == null) {
      known = stored().orElseGet(this::create);
      instanceId = known;
    }
    return known;
  }

  /** After the tables are gone. */
  void forget() {
    instanceId = null;
  }

  SystemIdentifier systemIdentifier() {
    return sql.autocommit(
        "read the system identifier; it takes EXECUTE on pg_control_system()",
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(SYSTEM)) {
            row.next();
            return new SystemIdentifier(row.getString(1), row.getString(2));
          }
        });
  }

  /** Ids that others take meanwhile are skipped too; the sequence only moves forward. */
  void skipOperationIds(long count) {
    sql.autocommit(
        "skip operation ids",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(SKIP)) {
            statement.setLong(1, count);
            return statement.execute();
          }
        });
  }

  StorageMetrics metrics() {
    return sql.autocommit(
        "measure tables",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(SIZES);
              ResultSet row = statement.executeQuery()) {
            return row.next() ? metrics(row) : new StorageMetrics(0, 0, 0);
          }
        });
  }

  private static StorageMetrics metrics(ResultSet row) throws SQLException {
    return new StorageMetrics(row.getLong(1), row.getLong(2), row.getLong(3));
  }

  private Optional<String> stored() {
    return transactions.call(
        "read the instance id",
        entities ->
            entities
                .createQuery("SELECT i FROM InstanceRow i ORDER BY i.id", InstanceRow.class)
                .setMaxResults(1)
                .getResultStream()
                .map(InstanceRow::id)
                .findFirst());
  }

  private String create() {
    long end = System.nanoTime() + INSTANCE_WAIT.toNanos();
    while (System.nanoTime() - end < 0) {
      Optional<UUID> lock = locks.acquire(INSTANCE_LOCK);
      if (lock.isPresent()) {
        try {
          return stored().orElseGet(this::insert);
        } finally {
          locks.release(lock.get());
        }
      }
      LockSupport.parkNanos(INSTANCE_PAUSE.toNanos());
      Optional<String> others = stored();
      if (others.isPresent()) {
        return others.get();
      }
    }
    throw new StorageFailure(
        FailureClass.RETRY, "Another process holds the lock on the instance id", null);
  }

  private String insert() {
    String id = UUID.randomUUID().toString();
    transactions.run("store the instance id", entities -> entities.persist(new InstanceRow(id)));
    return id;
  }
}
