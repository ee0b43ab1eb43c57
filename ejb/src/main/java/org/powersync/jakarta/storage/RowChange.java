package org.powersync.jakarta.storage;

import java.util.Objects;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** One change of a source row, as a writer takes it (storage section 5.3). */
public sealed interface RowChange {
  SourceTable table();

  record Insert(SourceTable table, SourceRow after, ReplicaId afterId) implements RowChange {
    public Insert {
      Objects.requireNonNull(afterId);
      Objects.requireNonNull(after);
    }
  }

  /**
   * @param beforeId present only when the identity changed, or is the full row
   * @param after may have absent columns: unchanged values that storage fills in
   */
  record Update(SourceTable table, Optional<ReplicaId> beforeId, SourceRow after, ReplicaId afterId)
      implements RowChange {
    public Update {
      Objects.requireNonNull(afterId);
      Objects.requireNonNull(after);
    }
  }

  record Delete(SourceTable table, ReplicaId beforeId) implements RowChange {
    public Delete {
      Objects.requireNonNull(beforeId);
    }
  }
}
