package org.powersync.jakarta.storage.postgres.table;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.powersync.jakarta.storage.BucketWriter.ResolvedTables;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.entity.RelationJson;
import org.powersync.jakarta.storage.postgres.entity.SourceTableRow;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;

/** Finds, creates and lists the table records of one stream. Safe for all threads. */
public final class SourceTables {
  /**
   * First key of the advisory locks that make resolving one at a time; the stream is the second.
   */
  private static final int RESOLVE_KEY = 0x7073_7274;

  /**
   * The first half uses index {@code source_table_lookup}; the second reads the stream's records.
   */
  private static final String CANDIDATES =
      """
      SELECT * FROM powersync.source_tables
      WHERE group_id = ?1 AND connection_id = ?2 AND schema_name = ?3 AND table_name = ?4
      UNION
      SELECT * FROM powersync.source_tables
      WHERE group_id = ?1 AND connection_id = ?2 AND ?5 <> '{}' AND relation_id = CAST(?5 AS jsonb)
      ORDER BY id\
      """;

  private final GroupId stream;
  private final EntityTransactions transactions;
  private final Supplier<DeployedSyncConfig> config;

  /**
   * @param config the stream's config; asked for when tables are first looked at
   */
  public SourceTables(
      GroupId stream, EntityTransactions transactions, Supplier<DeployedSyncConfig> config) {
    this.stream = stream;
    this.transactions = transactions;
    this.config = config;
  }

  /**
   * The record that describes this table, a new one where there is none, and the records it makes
   * outdated. Concurrent calls for one stream wait for each other, so that none creates a second
   * record.
   */
  public ResolvedTables resolve(SourceDescriptor source) {
    return transactions.call(
        "resolve a source table",
        entities -> {
          lock(entities);
          List<SourceTableRow> candidates = candidates(entities, source);
          SourceTableRow chosen =
              candidates.stream()
                  .filter(row -> row.describes(source))
                  .min(Comparator.comparing(SourceTableRow::snapshotDone).reversed())
                  .orElseGet(() -> create(entities, source));
          List<SourceTable> outdated = new ArrayList<>();
          for (SourceTableRow row : candidates) {
            if (row != chosen) {
              outdated.add(table(row, nameOf(row, source.table().connectionTag()), true));
            }
          }
          return new ResolvedTables(
              table(chosen, source.table(), !source.sendsCompleteRows()), outdated);
        });
  }

  /** All records of the stream, by table name. */
  public List<SourceTable> all() {
    return transactions.call(
        "list source tables",
        entities ->
            entities
                .createQuery(
                    "SELECT t FROM SourceTableRow t WHERE t.groupId = :stream"
                        + " ORDER BY t.schemaName, t.tableName, t.id",
                    SourceTableRow.class)
                .setParameter("stream", stream.value())
                .getResultStream()
                .map(row -> table(row, TableName.of(row.schemaName(), row.tableName()), true))
                .toList());
  }

  private void lock(EntityManager entities) {
    entities
        .createNativeQuery("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1, ?2)) AS taken")
        .setParameter(1, RESOLVE_KEY)
        .setParameter(2, stream.value())
        .getSingleResult();
  }

  @SuppressWarnings("unchecked")
  private List<SourceTableRow> candidates(EntityManager entities, SourceDescriptor source) {
    return entities
        .createNativeQuery(CANDIDATES, SourceTableRow.class)
        .setParameter(1, stream.value())
        .setParameter(2, source.connectionId())
        .setParameter(3, source.table().schema())
        .setParameter(4, source.table().name())
        .setParameter(5, RelationJson.relationId(source.objectId()))
        .getResultList();
  }

  private SourceTableRow create(EntityManager entities, SourceDescriptor source) {
    SourceTableRow row = new SourceTableRow(stream, source);
    entities.persist(row);
    return row;
  }

  private static TableName nameOf(SourceTableRow row, String connectionTag) {
    return new TableName(connectionTag, row.schemaName(), row.tableName());
  }

  private SourceTable table(SourceTableRow row, TableName name, boolean storeCurrentData) {
    TableEvaluator evaluator = config.get().evaluator(name);
    return new SourceTable(
        row.id(),
        name,
        row.objectId(),
        row.identity(),
        row.snapshotDone(),
        row.progress(),
        storeCurrentData,
        evaluator.syncsData(),
        evaluator.syncsParameters(),
        evaluator.triggersEvents());
  }
}
