package org.powersync.jakarta.replication.postgres;

import org.junit.jupiter.api.Nested;
import org.powersync.jakarta.replication.postgres.inspect.InspectionCases;

/**
 * All conformance cases that need a source database, each tagged with its id; {@link
 * ReplicationCaseIdsTest} shows that none is missing. Cases of values and of the configuration are
 * tests of the packages they belong to.
 */
class ReplicationCasesIT {
  @Nested
  class Attempt extends AttemptCases {}

  @Nested
  class Replicator extends ReplicatorCases {}

  @Nested
  class Lifecycle extends LifecycleCases {}

  @Nested
  class Slots extends SlotCases {}

  @Nested
  class Snapshot extends SnapshotCases {}

  @Nested
  class Streaming extends StreamingCases {}

  @Nested
  class Volume extends VolumeCases {}

  @Nested
  class SchemaChange extends SchemaChangeCases {}

  @Nested
  class Schema extends SchemaCases {}

  @Nested
  class StaleDescription extends StaleDescriptionCases {}

  @Nested
  class Trouble extends TroubleCases {}

  @Nested
  class Inspection extends InspectionCases {}
}
