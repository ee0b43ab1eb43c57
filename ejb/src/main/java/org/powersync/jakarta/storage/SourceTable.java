package org.powersync.jakarta.storage;

import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * A replicated table of one stream: its stored record and what the stream's config does with it.
 * Immutable; operations that change the record return a new one.
 *
 * @param id text id that goes into every data row
 * @param snapshotComplete whether its first copy is finished
 * @param progress of the copy while it is not
 * @param storeCurrentData whether copies of rows are kept
 * @param syncsData whether its rows go into buckets
 * @param syncsParameters whether its rows feed lookups
 * @param triggersEvents whether its changes are events
 */
public record SourceTable(
    String id,
    TableName table,
    OptionalLong objectId,
    List<IdentityColumn> identity,
    boolean snapshotComplete,
    SnapshotProgress progress,
    boolean storeCurrentData,
    boolean syncsData,
    boolean syncsParameters,
    boolean triggersEvents) {
  public SourceTable {
    identity = List.copyOf(identity);
  }

  /** Whether the config has any use for it. */
  public boolean synced() {
    return stored() || triggersEvents;
  }

  /** Whether anything is stored of its rows. */
  public boolean stored() {
    return syncsData || syncsParameters;
  }
}
