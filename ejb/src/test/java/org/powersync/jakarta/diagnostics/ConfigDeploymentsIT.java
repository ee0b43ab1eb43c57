package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.postgres.StorageFixture;

/** Deploying by operators, and diagnostics of what is deployed, on real storage. */
class ConfigDeploymentsIT {
  private static final String TEXT =
      "bucket_definitions:\n  all:\n    data:\n      - SELECT * FROM lists\n";

  private final StorageFixture fixture = new StorageFixture("admin");
  private final BucketStorageProvider storage = fixture.provider();
  private final FakeSource source = new FakeSource();
  private boolean deployable = true;
  private boolean configured = true;
  private final ConfiguredSource configuration =
      new ConfiguredSource() {
        @Override
        public Optional<SourceInspection> get() {
          return configured ? Optional.of(source) : Optional.empty();
        }

        @Override
        public boolean deployable() {
          return deployable;
        }
      };
  private final ConfigDeployments deployments = new ConfigDeployments(storage, configuration);
  private final Diagnostics diagnostics =
      new Diagnostics(storage, configuration, new RowFailures());

  @AfterEach
  void close() {
    fixture.close();
  }

  private void activate(ReplicationStream stream) {
    fixture
        .database()
        .execute(
            "UPDATE powersync.sync_rules SET state = 'STOP' WHERE state = 'ACTIVE'",
            "UPDATE powersync.sync_rules SET state = 'ACTIVE' WHERE id = " + stream.id());
  }

  private static PowerSyncException refusal(ErrorCode code, ThrowingCallable call) {
    PowerSyncException refusal = catchThrowableOfType(PowerSyncException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    return refusal;
  }

  @Test
  void deploysAValidText() {
    ReplicationStream stream = deployments.deploy(TEXT);
    assertThat(storage.deploying()).get().extracting(ReplicationStream::content).isEqualTo(TEXT);
    assertThat(stream.name()).startsWith("test_");
  }

  @Test
  void refusesATextThatIsNotValid() {
    PowerSyncException refusal =
        refusal(
            ErrorCode.PSYNC_R0001,
            () -> deployments.deploy("bucket_definitions:\n  a:\n    data: [SELEC 1]\n"));
    assertThat(refusal.httpStatus()).isEqualTo(422);
    assertThat(refusal.context().get(ConfigDeployments.DETAILS).toString()).startsWith("line 3");
    assertThat(storage.deploying()).isEmpty();
  }

  @Test
  void refusesToDeployBesideAConfiguredText() {
    deployable = false;
    assertThat(refusal(ErrorCode.PSYNC_S4105, () -> deployments.deploy(TEXT)).httpStatus())
        .isEqualTo(422);
  }

  @Tag("http-reprocess")
  @Test
  void reprocessesOnlyAnActiveConfigAndOnlyOnce() {
    refusal(ErrorCode.PSYNC_S4104, deployments::reprocess);
    ReplicationStream first = deployments.deploy(TEXT);
    assertThat(refusal(ErrorCode.PSYNC_S4106, deployments::reprocess).httpStatus()).isEqualTo(409);
    activate(first);

    ReplicationStream second = deployments.reprocess();

    assertThat(second.name()).isNotEqualTo(first.name());
    assertThat(second.content()).isEqualTo(TEXT);
    refusal(ErrorCode.PSYNC_S4106, deployments::reprocess);
    assertThat(storage.deploying()).get().extracting(ReplicationStream::id).isEqualTo(second.id());
  }

  @Test
  void saysWhatIsDeployed() {
    refusal(ErrorCode.PSYNC_S4104, deployments::current);
    ReplicationStream first = deployments.deploy(TEXT);
    activate(first);
    ConfigDeployments.Current alone = deployments.current();
    assertThat(alone.active().stream().name()).isEqualTo(first.name());
    assertThat(alone.active().description().valid()).isTrue();
    assertThat(alone.active().description().sourceTables()).hasSize(1);
    assertThat(alone.next()).isEmpty();

    ReplicationStream second = deployments.reprocess();
    assertThat(deployments.current().next().orElseThrow().stream().name()).isEqualTo(second.name());
  }

  @Test
  void namesTheTablesThatClientsSee() {
    String aliased =
        """
        config:
          edition: 3
        streams:
          all:
            query: SELECT * FROM lists AS todo_lists
        """;
    ConfigDescription description = deployments.describe(aliased);
    assertThat(description.errors()).isEmpty();
    assertThat(description.outputTables()).containsExactly("todo_lists");
    assertThat(deployments.describe(TEXT).outputTables()).containsExactly("lists");
  }

  @Test
  void describesWhatItCannotUse() {
    assertThat(deployments.describe("nonsense: true").errors()).isNotEmpty();
    source.answers = false;
    assertThat(deployments.describe(TEXT).errors()).singleElement().asString().contains("lost");
    configured = false;
    assertThat(deployments.describe(TEXT).errors()).hasSize(1);
  }

  @Test
  void reportsSourceAndConfigs() {
    Diagnostics.Report nothing = diagnostics.report();
    assertThat(nothing.source()).get().extracting(Diagnostics.Source::id).isEqualTo("orders");
    assertThat(nothing.active()).isEmpty();
    assertThat(nothing.deploying()).isEmpty();

    activate(deployments.deploy(TEXT));
    ReplicationStream next = deployments.reprocess();
    Diagnostics.Report both = diagnostics.report();
    assertThat(both.active().orElseThrow().findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("No checkpoint"));
    assertThat(both.deploying().orElseThrow().connections().get(0).slotName())
        .isEqualTo(next.name());
    assertThat(both.deploying().orElseThrow().findings()).isEmpty();

    configured = false;
    assertThat(diagnostics.report().source()).isEmpty();
    assertThat(diagnostics.report().active()).isEmpty();
  }

  @Tag("http-validate-location")
  @Test
  void validatesWithAndWithoutSource() {
    ConfigStatus valid = diagnostics.validate(TEXT);
    assertThat(valid.findings()).isEmpty();
    assertThat(valid.connections().get(0).slotName()).isEmpty();
    assertThat(valid.connections().get(0).progress().initialReplicationDone()).isFalse();

    String ghosts = TEXT.replace("all", "ghosts").replace("lists", "phantom");
    assertThat(diagnostics.validate(ghosts).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.WARNING);
              assertThat(finding.location()).contains(new Finding.Location(62, 69));
            });

    source.connected = false;
    assertThat(diagnostics.validate(TEXT).findings())
        .extracting(Finding::message)
        .containsExactly("no route to host", "connection failed");

    configured = false;
    assertThat(diagnostics.validate(TEXT).findings())
        .singleElement()
        .extracting(Finding::level)
        .isEqualTo(Level.FATAL);
    assertThat(diagnostics.validate(TEXT).connections()).isEmpty();
  }
}
