package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.postgres.cases.StorageCase;

/** The preflight as operators ask for it, on real storage. */
class SourcePreflightIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        all:
          data: [SELECT * FROM lists, SELECT id FROM lists, SELECT * FROM test]
      """;

  private static ConfiguredSource source(Optional<SourceInspection> inspection) {
    return new ConfiguredSource() {
      @Override
      public Optional<SourceInspection> get() {
        return inspection;
      }
    };
  }

  @Test
  void looksAtTheTablesOfWhatIsDeployed() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      SourcePreflight preflight =
          new SourcePreflight(null, c.provider(), source(Optional.of(new FakeSource())));
      assertThat(preflight.run())
          .extracting(PreflightFinding::message)
          .containsExactly("lists", "test");
      SourcePreflight none = new SourcePreflight(null, c.provider(), source(Optional.empty()));
      assertThatThrownBy(none::run).hasMessageContaining("No source connection is configured");
    }
  }
}
