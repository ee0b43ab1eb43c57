package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.OptionalInt;

/** A loaded sync config. Immutable; safe for all threads. */
public final class SyncConfig {

  /**
   * Loads a document, with all its messages. Never throws for bad input.
   *
   * @param yaml the text, stored and compared verbatim
   * @param defaultSchema schema of unqualified table names, {@code public} for PostgreSQL
   */
  public static LoadResult load(String yaml, String defaultSchema) {
    throw new UnsupportedOperationException("being written");
  }

  private SyncConfig() {}

  /** The options in force. */
  public Compatibility compatibility() {
    throw new UnsupportedOperationException("being written");
  }

  /** The storage version the document asks for. */
  public OptionalInt storageVersion() {
    throw new UnsupportedOperationException("being written");
  }

  /** Every table pattern that is read, for data, parameters or events, without duplicates. */
  public List<TablePattern> sourceTables() {
    throw new UnsupportedOperationException("being written");
  }

  /** Bucket definitions and streams in document order. */
  public List<DefinitionInfo> definitions() {
    throw new UnsupportedOperationException("being written");
  }

  /** This config with the bucket names of one replication stream. */
  public DeployedSyncConfig deployed(BucketNaming naming) {
    throw new UnsupportedOperationException("being written");
  }
}
