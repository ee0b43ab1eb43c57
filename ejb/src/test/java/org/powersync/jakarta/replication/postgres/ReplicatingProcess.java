package org.powersync.jakarta.replication.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.powersync.jakarta.fixture.TestPostgres.Database;

/**
 * A replicator in a process of its own, to be killed. Arguments: port, source database, storage
 * database, prefix of slots, file of the sync config. Ends by itself when its input does.
 */
final class ReplicatingProcess {
  private ReplicatingProcess() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    StorageHarness storage = new StorageHarness(new Database(port, args[2]), args[3]);
    EngineHarness engine = EngineHarness.attached(new Database(port, args[1]), storage);
    engine.start(Optional.of(Files.readString(Path.of(args[4]))));
    System.out.println("started");
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }
}
