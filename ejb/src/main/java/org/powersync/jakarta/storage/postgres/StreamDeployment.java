package org.powersync.jakarta.storage.postgres;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.entity.StreamRow;
import org.powersync.jakarta.storage.postgres.migration.VersionThreeTable;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Deploys sync configs and restarts replication (storage sections 4.1, 4.2, 4.5). One process at a
 * time: two that start with the same new config deploy it once.
 */
final class StreamDeployment {
  private static final long DEPLOYMENT_KEY = 0x7073_6465_706C_6F79L;

  private final EntityTransactions transactions;
  private final SqlTransactions sql;
  private final StreamConfigs configs;
  private final ProviderSettings settings;

  /** A deployment with its storage version decided. */
  private record Plan(String content, Optional<String> syncPlan, int storageVersion) {}

  StreamDeployment(
      EntityTransactions transactions,
      SqlTransactions sql,
      StreamConfigs configs,
      ProviderSettings settings) {
    this.transactions = transactions;
    this.sql = sql;
    this.configs = configs;
    this.settings = settings;
  }

  ReplicationStream deploy(Deployment deployment) {
    Plan plan = prepare(deployment);
    return transactions.call(
        "deploy a sync config",
        entities -> {
          lock(entities);
          return insert(entities, plan);
        });
  }

  /** Deploys unless the text is that of the deploying stream, or of the active one without it. */
  Optional<ReplicationStream> configure(Deployment deployment) {
    String text = deployment.content();
    if (transactions.call("compare sync configs", entities -> deployed(entities, text))) {
      return Optional.empty();
    }
    Plan plan = prepare(deployment);
    return transactions.call(
        "deploy a sync config",
        entities -> {
          lock(entities);
          return deployed(entities, text) ? Optional.empty() : Optional.of(insert(entities, plan));
        });
  }

  void restart(GroupId stream) {
    Optional<Plan> plan =
        transactions
            .call("read the stream to restart", entities -> toRedeploy(entities, stream))
            .map(this::again);
    transactions.run(
        "restart replication",
        entities -> {
          lock(entities);
          if (plan.isPresent() && toRedeploy(entities, stream).isPresent()) {
            insert(entities, plan.get());
          }
          StreamRow row =
              entities.find(StreamRow.class, stream.value(), LockModeType.PESSIMISTIC_WRITE);
          if (row != null && row.state() == StreamState.ACTIVE && serves(entities, stream)) {
            row.fail();
          }
        });
  }

  /** The deploying stream, or the active one while nothing is deploying. */
  private static Optional<ReplicationStream> toRedeploy(EntityManager entities, GroupId stream) {
    return StreamDirectory.deploying(entities)
        .or(() -> StreamDirectory.active(entities))
        .filter(row -> row.id().equals(stream))
        .map(StreamRow::stream);
  }

  private static boolean serves(EntityManager entities, GroupId stream) {
    return StreamDirectory.active(entities).filter(row -> row.id().equals(stream)).isPresent();
  }

  private static boolean deployed(EntityManager entities, String text) {
    return StreamDirectory.deploying(entities)
        .or(() -> StreamDirectory.active(entities))
        .filter(row -> row.hasText(text))
        .isPresent();
  }

  /** A compiled plan pins its storage version, a text alone does not. */
  private Plan again(ReplicationStream stream) {
    OptionalInt version =
        stream.syncPlan().isPresent()
            ? OptionalInt.of(stream.storageVersion())
            : OptionalInt.empty();
    return prepare(new Deployment(stream.content(), stream.syncPlan(), version));
  }

  private Plan prepare(Deployment deployment) {
    OptionalInt ofConfig =
        deployment.storageVersion().isPresent()
            ? OptionalInt.empty()
            : configs.storageVersion(deployment.content());
    int version =
        StorageVersions.choose(
            deployment.storageVersion(), ofConfig, settings.defaultStorageVersion());
    if (version == StorageVersions.SOFT_DELETES) {
      VersionThreeTable.create(sql);
    }
    Optional<String> syncPlan =
        deployment.syncPlan().or(() -> configs.syncPlan(deployment.content()));
    return new Plan(deployment.content(), syncPlan, version);
  }

  private ReplicationStream insert(EntityManager entities, Plan plan) {
    StreamDirectory.lockedDeploying(entities).forEach(StreamRow::stop);
    Number id =
        (Number)
            entities
                .createNativeQuery("SELECT nextval('powersync.sync_rules_id_sequence')")
                .getSingleResult();
    StreamRow row =
        new StreamRow(
            new GroupId(id.intValue()),
            settings.slotNamePrefix() + id + "_" + fourHexDigits(),
            plan.storageVersion(),
            plan.content(),
            plan.syncPlan());
    entities.persist(row);
    return row.stream();
  }

  private static String fourHexDigits() {
    return HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
  }

  private static void lock(EntityManager entities) {
    entities
        .createNativeQuery("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS taken")
        .setParameter(1, DEPLOYMENT_KEY)
        .getSingleResult();
  }
}
