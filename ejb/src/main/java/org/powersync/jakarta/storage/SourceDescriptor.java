package org.powersync.jakarta.storage;

import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * A table as the source describes it at this moment.
 *
 * @param connectionId number of the source connection, always 1 today
 * @param objectId the relation's OID
 * @param identity identity columns in order
 * @param sendsCompleteRows replica identity FULL: no copy of rows is needed
 */
public record SourceDescriptor(
    int connectionId,
    TableName table,
    OptionalLong objectId,
    List<IdentityColumn> identity,
    boolean sendsCompleteRows) {
  public SourceDescriptor {
    identity = List.copyOf(identity);
  }
}
