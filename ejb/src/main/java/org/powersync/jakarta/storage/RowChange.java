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
   * @param before the old row where the source sent it and events are to tell it
   * @param after may have absent columns: unchanged values that storage fills in
   */
  record Update(
      SourceTable table,
      Optional<ReplicaId> beforeId,
      Optional<SourceRow> before,
      SourceRow after,
      ReplicaId afterId)
      implements RowChange {
    public Update {
      Objects.requireNonNull(before);
      Objects.requireNonNull(afterId);
      Objects.requireNonNull(after);
    }

    /** Of which the old row is not known. */
    public Update(
        SourceTable table, Optional<ReplicaId> beforeId, SourceRow after, ReplicaId afterId) {
      this(table, beforeId, Optional.empty(), after, afterId);
    }
  }

  /**
   * @param before as of an update
   */
  record Delete(SourceTable table, ReplicaId beforeId, Optional<SourceRow> before)
      implements RowChange {
    public Delete {
      Objects.requireNonNull(beforeId);
      Objects.requireNonNull(before);
    }

    /** Of which the old row is not known. */
    public Delete(SourceTable table, ReplicaId beforeId) {
      this(table, beforeId, Optional.empty());
    }
  }
}
