package org.powersync.jakarta.replication.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.PGReplicationStream;
import org.powersync.jakarta.connection.IncomingData;
import org.powersync.jakarta.telemetry.Counters;

class WalReaderTest {
  /** The applier would wait for a reader that is gone. */
  @Test
  void anErrorReachesTheApplier() throws InterruptedException {
    Error tooLarge = new OutOfMemoryError("a message does not fit");
    PGReplicationStream stream =
        (PGReplicationStream)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PGReplicationStream.class},
                (proxy, method, arguments) -> {
                  throw tooLarge;
                });
    WalQueue queue = new WalQueue();
    new WalReader(stream, new IncomingData(), queue, new Counters()).run();
    assertThat(queue.poll(0)).isEqualTo(new WalEvent.Failed(tooLarge));
  }
}
