package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.schema.ResultTable;

/**
 * One entry of a config that produces buckets: a bucket definition or a stream. Immutable; safe for
 * all threads.
 */
public interface Definition {
  DefinitionInfo info();

  /** The tables it reads, for data or parameters; may repeat. */
  List<TablePattern> sourceTables();

  /**
   * What its queries put out, in document order, for the schema of clients.
   *
   * @throws UnsupportedOperationException for compiled streams, whose plan keeps no select lists
   */
  List<ResultTable> results();

  /** This definition with the bucket names of one replication stream. */
  DeployedDefinition deployed(BucketNaming naming);
}
