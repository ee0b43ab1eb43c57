package org.powersync.jakarta.bench;

import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Changes that were written while the server was down, so that only following them counts: the
 * first of them warm the server up, the time is taken over the others, until a checkpoint covers
 * the last one.
 *
 * @param warmUp changes before the clock starts
 * @param measured changes after that
 */
record Backlog(int warmUp, int measured) {
  /**
   * Starts the server and returns the changes per second.
   *
   * @param before the last operation before the changes; each of them makes one
   */
  double follow(LibertyServer server, TestPostgres.Database storage, long before) throws Exception {
    server.start();
    Bench.await(storage, checkpoint(before + warmUp));
    long begun = System.nanoTime();
    long from = Bench.count(storage, LAST_CHECKPOINT);
    Bench.await(storage, checkpoint(before + warmUp + measured));
    double seconds = Bench.seconds(begun);
    Bench.check(
        "operations stored",
        warmUp + measured,
        Bench.count(
            storage,
            "SELECT count(*) FROM powersync.bucket_data JOIN powersync.sync_rules s ON s.id ="
                + " group_id WHERE op_id > "
                + before
                + " AND op_id <= last_checkpoint"));
    return (before + warmUp + measured - from) / seconds;
  }

  private static final String LAST_CHECKPOINT =
      "SELECT last_checkpoint FROM powersync.sync_rules WHERE state = 'ACTIVE'";

  private static String checkpoint(long operation) {
    return LAST_CHECKPOINT.replace("last_checkpoint", "last_checkpoint >= " + operation);
  }
}
