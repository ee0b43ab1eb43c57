package org.powersync.jakarta.storage.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.table.TestConfig;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** A migrated database of its own and a provider on it. */
public final class StorageFixture implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final LocalEntityTransactions entities;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
  private final StorageResources resources;

  public StorageFixture(String prefix) {
    database = TestPostgres.shared().createDatabase(prefix);
    new SchemaMigration(database.dataSource()).migrate();
    entities = new LocalEntityTransactions(database.dataSource());
    resources = new StorageResources(database.dataSource(), entities, scheduler);
  }

  public Database database() {
    return database;
  }

  public StorageResources resources() {
    return resources;
  }

  /** A provider whose streams read the table {@code test} and neither write nor read rows. */
  public PostgresBucketStorageProvider provider() {
    return provider(
        (target, options) -> {
          throw new UnsupportedOperationException("no writer");
        });
  }

  public PostgresBucketStorageProvider provider(WriterFactory writers) {
    return provider(new PlainConfigs(), writers);
  }

  /** A provider that neither writes nor reads rows. */
  public PostgresBucketStorageProvider provider(StreamConfigs configs) {
    return provider(
        configs,
        (target, options) -> {
          throw new UnsupportedOperationException("no writer");
        });
  }

  private PostgresBucketStorageProvider provider(StreamConfigs configs, WriterFactory writers) {
    return new PostgresBucketStorageProvider(
        resources,
        new ProviderSettings(2, "test_", true),
        configs,
        writers,
        (all, stream) -> {
          throw new UnsupportedOperationException("no reader");
        },
        null);
  }

  /** The rows of a query, each as a JSON object; parameters in order. */
  public List<JsonNode> rows(String query, Object... parameters) {
    List<JsonNode> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT to_jsonb(q) FROM (" + query + ") AS q")) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(JSON.readTree(result.getString(1)));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
    entities.close();
  }

  /** Any text is a config; one that holds {@code version N} asks for that storage version. */
  private static final class PlainConfigs implements StreamConfigs {
    @Override
    public DeployedSyncConfig deployed(ReplicationStream stream) {
      return new TestConfig(Set.of("test"));
    }

    @Override
    public Optional<String> syncPlan(String content) {
      return Optional.empty();
    }

    @Override
    public OptionalInt storageVersion(String content) {
      return content.startsWith("version ")
          ? OptionalInt.of(Integer.parseInt(content.substring("version ".length())))
          : OptionalInt.empty();
    }
  }
}
