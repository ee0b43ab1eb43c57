package org.powersync.jakarta.replication.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.powersync.jakarta.fixture.TestPostgres.Database;

/**
 * A replicator in a process of its own, to be killed. Arguments: port and name of the source
 * database, port and name of the storage database, prefix of slots, file of the sync config, rows
 * of a chunk of a copy. Ends by itself when its input does.
 */
final class ReplicatingProcess {
  private ReplicatingProcess() {}

  public static void main(String[] args) throws IOException {
    Database source = new Database(Integer.parseInt(args[0]), args[1]);
    Database stored = new Database(Integer.parseInt(args[2]), args[3]);
    EngineHarness engine = EngineHarness.attached(source, new StorageHarness(stored, args[4]));
    engine.options =
        engine
            .options
            .withChunkRows(Integer.parseInt(args[6]))
            .withSnapshotReaders(1)
            .withSnapshotWorkers(1);
    engine.start(Optional.of(Files.readString(Path.of(args[5]))));
    System.out.println("started");
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }
}
