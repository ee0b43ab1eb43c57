package org.powersync.jakarta.syncconfig;

import java.util.List;

/**
 * One entry of a config that produces buckets: a bucket definition, and the kinds of streams once
 * they are there. Immutable; safe for all threads.
 */
public interface Definition {
  DefinitionInfo info();

  /** The tables it reads, for data or parameters; may repeat. */
  List<TablePattern> sourceTables();

  /** This definition with the bucket names of one replication stream. */
  DeployedDefinition deployed(BucketNaming naming);
}
