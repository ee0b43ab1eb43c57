package org.powersync.jakarta.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.entity.MigrationRow;
import org.powersync.jakarta.storage.postgres.entity.StreamRow;
import org.powersync.jakarta.syncconfig.BucketName;

/** What another application in the same container can lean on: the real EAR, real PostgreSQL. */
@ArquillianTest
class StorageInContainerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String COUNT = "SELECT count(*) FROM powersync.write_checkpoints";

  @Inject private BucketStorageProvider provider;
  @Inject private EntityTransactions entities;
  @Inject private UserTransaction transaction;

  @Resource(lookup = "jdbc/powersyncStorage")
  private DataSource storage;

  @Deployment
  static EnterpriseArchive product() {
    return ProductArchive.with(StorageInContainerIT.class, Await.class);
  }

  @Test
  void injectedProviderReadsWhatWasReplicated() {
    Await.until("a stream is active", SOON, () -> provider.active().isPresent());
    ReplicationStream stream = provider.active().orElseThrow();
    BucketReader reader = provider.storage(stream).reader();
    Checkpoint checkpoint = reader.checkpoint();
    BucketName bucket = new BucketName("1#by_owner[\"ann\"]");
    List<BucketChunk> chunks =
        reader.read(
            checkpoint.opId(), List.of(new BucketPosition(bucket, OpId.ZERO)), ReadLimits.DEFAULT);
    assertEquals(1, chunks.size());
    assertEquals("n1", chunks.get(0).operations().get(0).objectId());
    assertEquals(1, reader.checksums(checkpoint.opId(), List.of(bucket)).get(bucket).count());
  }

  @Test
  void dataSourceTakesPartInTheContainersTransactions() throws Exception {
    long before = count();
    transaction.begin();
    try {
      try (Connection connection = storage.getConnection();
          Statement statement = connection.createStatement()) {
        assertEquals(
            1,
            statement.executeUpdate(
                "INSERT INTO powersync.write_checkpoints (user_id, lsns, write_checkpoint)"
                    + " VALUES ('in-container', '{}', 1)"));
      }
      assertEquals(before + 1, count());
    } finally {
      transaction.rollback();
    }
    assertEquals(Status.STATUS_NO_TRANSACTION, transaction.getStatus());
    assertEquals(before, count());
  }

  @Test
  void entitiesMapTheTables() {
    Await.until("a stream is active", SOON, () -> provider.active().isPresent());
    Optional<StreamRow> row =
        entities.call(
            "reading a stream",
            manager ->
                manager
                    .createQuery("SELECT s FROM StreamRow s", StreamRow.class)
                    .getResultStream()
                    .findFirst());
    assertEquals(provider.active().orElseThrow().id(), row.orElseThrow().id());
    Optional<String> migrated =
        entities.call(
            "reading the migrations",
            manager ->
                manager
                    .createQuery("SELECT m FROM MigrationRow m", MigrationRow.class)
                    .getSingleResult()
                    .lastRun());
    assertTrue(migrated.isPresent());
  }

  @Test
  void passwordIsInNoManagedBean() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    int read = 0;
    for (ObjectName name : beans.queryNames(null, null)) {
      for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
        String value;
        try {
          value = String.valueOf(beans.getAttribute(name, attribute.getName()));
        } catch (javax.management.JMException | RuntimeException e) {
          value = String.valueOf(e);
        }
        assertFalse(value.contains(ContainerDatabases.PASSWORD), name + " " + attribute.getName());
        read++;
      }
    }
    assertTrue(read > 100, "attributes read: " + read);
  }

  private long count() throws Exception {
    try (Connection connection = storage.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COUNT)) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }
}
