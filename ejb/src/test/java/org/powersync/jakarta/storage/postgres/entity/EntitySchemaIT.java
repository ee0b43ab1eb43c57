package org.powersync.jakarta.storage.postgres.entity;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.metamodel.EntityType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.migration.VersionThreeTable;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

class EntitySchemaIT {
  private static final Map<Class<?>, String> TYPES =
      Map.ofEntries(
          Map.entry(int.class, "int4"),
          Map.entry(Integer.class, "int4"),
          Map.entry(long.class, "int8"),
          Map.entry(Long.class, "int8"),
          Map.entry(boolean.class, "bool"),
          Map.entry(String.class, "text"),
          Map.entry(byte[].class, "bytea"),
          Map.entry(Instant.class, "timestamptz"),
          Map.entry(StreamState.class, "text"),
          Map.entry(Kind.class, "text"));

  private static final Map<Class<?>, String> CONVERTED =
      Map.of(
          JsonbText.class, "jsonb",
          JsonText.class, "json",
          ByteStrings.class, "_bytea",
          UuidColumn.class, "uuid");

  private static Database database;
  private static LocalEntityTransactions entities;

  @BeforeAll
  static void migrate() {
    database = TestPostgres.shared().createDatabase("entity");
    new SchemaMigration(database.dataSource()).migrate();
    VersionThreeTable.create(new SqlTransactions(database.dataSource()));
    entities = new LocalEntityTransactions(database.dataSource());
  }

  @AfterAll
  static void close() {
    entities.close();
  }

  @Test
  void everyTableHasAnEntityWithExactlyItsColumns() throws SQLException {
    Map<String, Map<String, String>> mapped = new TreeMap<>();
    for (EntityType<?> type : entities.factory().getMetamodel().getEntities()) {
      Table table = type.getJavaType().getAnnotation(Table.class);
      assertThat(table.schema()).isEqualTo("powersync");
      mapped.put(table.name(), columns(type.getJavaType()));
    }

    assertThat(mapped).isEqualTo(liveColumns());
  }

  @Test
  void rowsOfEveryTableCanBeRead() {
    byte[] key = HexFormat.of().parseHex("0500000000");
    String bytes = "'\\x0500000000'";
    database.execute(
        "INSERT INTO powersync.bucket_data VALUES (1, 'b[]', 7, 'PUT', 't', "
            + bytes
            + ", 'test', 'r1', 4294967295, '{}', NULL)",
        "INSERT INTO powersync.bucket_parameters VALUES (8, 1, 't', "
            + bytes
            + ", "
            + bytes
            + ", '[]')",
        "INSERT INTO powersync.current_data VALUES (1, 't', "
            + bytes
            + ", '[]', "
            + bytes
            + ", ARRAY["
            + bytes
            + "::bytea])",
        "INSERT INTO powersync.v3_current_data VALUES (1, 't', "
            + bytes
            + ", '[]', "
            + bytes
            + ", '{}', 9)",
        "INSERT INTO powersync.write_checkpoints VALUES ('u', '{\"1\": \"0/1\"}', 3, now())",
        "INSERT INTO powersync.custom_write_checkpoints VALUES ('u', 4, 1, NULL)",
        "INSERT INTO powersync.locks VALUES ('l', '117ab485-4b42-58a2-ab32-0053a22c3423', now())",
        "INSERT INTO powersync.connection_report_events VALUES"
            + " ('e', 'agent', 'c', 'u', 'sdk', NULL, now(), NULL)");

    entities.run(
        "read",
        em -> {
          BucketOperationRow operation =
              em.find(BucketOperationRow.class, new BucketOperationRow.Key(1, "b[]", 7));
          assertThat(operation.op()).isEqualTo(Kind.PUT);
          assertThat(operation.checksum()).isEqualTo(4294967295L);
          assertThat(em.find(BucketParameterRow.class, 8L).lookup()).isEqualTo(key);
          CurrentDataRow current =
              em.find(CurrentDataRow.class, new CurrentDataRow.Key(1, "t", key));
          assertThat(current.lookups()).containsExactly(key);
          assertThat(current.buckets()).isEqualTo("[]");
          VersionThreeCurrentDataRow deleted =
              em.find(
                  VersionThreeCurrentDataRow.class,
                  new VersionThreeCurrentDataRow.Key(1, "t", key));
          assertThat(deleted.pendingDelete()).contains(9L);
          assertThat(deleted.lookups()).isEmpty();
          assertThat(em.find(WriteCheckpointRow.class, "u").requestedAt()).isPresent();
          assertThat(
                  em.find(CustomWriteCheckpointRow.class, new CustomWriteCheckpointRow.Key("u", 1))
                      .writeCheckpoint())
              .isEqualTo(4);
          assertThat(em.find(LockRow.class, "l").lockId())
              .isEqualTo(UUID.fromString("117ab485-4b42-58a2-ab32-0053a22c3423"));
          assertThat(em.find(ConnectionReportRow.class, "e").disconnectedAt()).isEmpty();
          assertThat(em.find(MigrationRow.class, 1).lastRun()).isPresent();
        });
  }

  private static Map<String, String> columns(Class<?> entity) {
    Map<String, String> columns = new TreeMap<>();
    for (Field field : entity.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
        continue;
      }
      Column column = field.getAnnotation(Column.class);
      boolean nullable =
          field.getAnnotation(Id.class) == null && (column == null || column.nullable());
      String name = column == null || column.name().isEmpty() ? field.getName() : column.name();
      columns.put(name, type(field) + (nullable ? "" : " not null"));
    }
    return columns;
  }

  private static String type(Field field) {
    Convert convert = field.getAnnotation(Convert.class);
    return convert == null ? TYPES.get(field.getType()) : CONVERTED.get(convert.converter());
  }

  private static Map<String, Map<String, String>> liveColumns() throws SQLException {
    Map<String, Map<String, String>> tables = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_name, column_name, udt_name, is_nullable"
                    + " FROM information_schema.columns WHERE table_schema = 'powersync'"
                    + " AND table_name NOT LIKE 'x\\_%'")) {
      while (rows.next()) {
        tables
            .computeIfAbsent(rows.getString(1), table -> new TreeMap<>())
            .put(
                rows.getString(2),
                rows.getString(3) + (rows.getString(4).equals("YES") ? "" : " not null"));
      }
    }
    return tables;
  }
}
