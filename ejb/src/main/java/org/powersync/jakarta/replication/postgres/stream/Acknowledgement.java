package org.powersync.jakarta.replication.postgres.stream;

import java.util.function.Consumer;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/**
 * The position up to which the source may forget its log: everything before it is durable in
 * storage or carries nothing for us. Never moves backwards and is never zero (replication section
 * 1.13). Advanced by the applying thread; read by any.
 */
final class Acknowledgement {
  private final Consumer<PgLsn> report;
  private volatile PgLsn confirmed = PgLsn.ZERO;

  /**
   * @param report takes each new position to where status messages are made of it
   */
  Acknowledgement(Consumer<PgLsn> report) {
    this.report = report;
  }

  void advance(PgLsn position) {
    if (position.isAfter(confirmed)) {
      confirmed = position;
      report.accept(position);
    }
  }

  PgLsn confirmed() {
    return confirmed;
  }
}
