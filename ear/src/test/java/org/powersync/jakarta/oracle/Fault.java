package org.powersync.jakarta.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What befalls an installation while it works. */
enum Fault {
  REPLICATION_CUT {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      assertThat(installation.endReplication()).isPositive();
    }
  },
  STORAGE_CONNECTIONS_CUT {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      assertThat(installation.endStorageConnections()).isPositive();
    }
  },
  COMPACTION {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      installation.compact();
    }
  },
  OTHER_CONFIG {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      installation.deploy(configs.get(1));
    }
  },
  SERVER_STOPPED {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      installation.server.stop();
      installation.server.start();
    }
  },
  /** The next process waits until the lock of the killed one is over, up to a minute. */
  SERVER_KILLED {
    @Override
    void befall(Installation installation, List<GeneratedConfig> configs) {
      installation.server.kill();
      installation.server.start();
    }
  };

  abstract void befall(Installation installation, List<GeneratedConfig> configs);

  /** Those that are cheap twice, the others once, the server killed or stopped; in random order. */
  static List<Fault> shuffled(Random random, boolean killed) {
    List<Fault> faults =
        new ArrayList<>(
            List.of(
                REPLICATION_CUT,
                REPLICATION_CUT,
                STORAGE_CONNECTIONS_CUT,
                STORAGE_CONNECTIONS_CUT,
                COMPACTION,
                COMPACTION,
                OTHER_CONFIG,
                killed ? SERVER_KILLED : SERVER_STOPPED));
    Collections.shuffle(faults, random);
    return faults;
  }
}
