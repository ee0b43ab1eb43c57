package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.schema.SubscribableStream;

/**
 * One entry of a config that produces buckets: a bucket definition or a stream. Immutable; safe for
 * all threads.
 */
public interface Definition {
  DefinitionInfo info();

  /** The tables it reads, for data or parameters; may repeat. */
  List<TablePattern> sourceTables();

  /** What its queries put out, in document order, for the schema of clients. */
  List<ResultTable> results();

  /** How clients subscribe to it; empty when they need not, or cannot with a typed function. */
  default Optional<SubscribableStream> subscribable() {
    return Optional.empty();
  }

  /** This definition with the bucket names of one replication stream. */
  DeployedDefinition deployed(BucketNaming naming);
}
