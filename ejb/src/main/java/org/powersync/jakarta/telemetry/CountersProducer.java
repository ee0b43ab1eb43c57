package org.powersync.jakarta.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The counters of this process, without a proxy in between: that would cost more than counting. */
@ApplicationScoped
class CountersProducer {
  @Produces
  @Singleton
  Counters counters() {
    return new Counters();
  }
}
