package org.powersync.jakarta.replication.postgres.server;

import java.time.Duration;

/**
 * How a source is replicated.
 *
 * @param tag name of the connection in sync configs
 * @param snapshotReaders connections that read tables at the same time, at least 1
 * @param snapshotWorkers threads that evaluate and store what is read, at least 1
 * @param chunkRows rows of a chunk of a table copy, after which progress is stored
 * @param slotCheckInterval between looks at the slot during a copy; zero = after every chunk
 */
public record SourceOptions(
    String tag,
    int snapshotReaders,
    int snapshotWorkers,
    int chunkRows,
    Duration slotCheckInterval) {
  public static final SourceOptions DEFAULT =
      new SourceOptions("default", 2, defaultWorkers(), 20_000, SlotWatch.INTERVAL);

  /** Two streams may be replicated at once; each has two connections for short statements. */
  private static final int STREAMS = 2;

  private static final int SHORT_CONNECTIONS = 2;
  private static final int MOST_READERS = 4;

  public SourceOptions {
    if (snapshotReaders < 1 || snapshotWorkers < 1 || chunkRows < 1) {
      throw new IllegalArgumentException("workers and rows of a chunk must be positive");
    }
  }

  private static int defaultWorkers() {
    return Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * As many readers as fit into a limit of connections to the source, replication connections not
   * counted; at least one.
   */
  public SourceOptions withMaxConnections(int limit) {
    int readers = limit / STREAMS - SHORT_CONNECTIONS;
    return withSnapshotReaders(Math.max(1, Math.min(MOST_READERS, readers)));
  }

  public SourceOptions withTag(String name) {
    return new SourceOptions(name, snapshotReaders, snapshotWorkers, chunkRows, slotCheckInterval);
  }

  public SourceOptions withSnapshotReaders(int readers) {
    return new SourceOptions(tag, readers, snapshotWorkers, chunkRows, slotCheckInterval);
  }

  public SourceOptions withSnapshotWorkers(int workers) {
    return new SourceOptions(tag, snapshotReaders, workers, chunkRows, slotCheckInterval);
  }

  public SourceOptions withChunkRows(int rows) {
    return new SourceOptions(tag, snapshotReaders, snapshotWorkers, rows, slotCheckInterval);
  }

  public SourceOptions withSlotCheckInterval(Duration interval) {
    return new SourceOptions(tag, snapshotReaders, snapshotWorkers, chunkRows, interval);
  }
}
