package org.powersync.jakarta.syncconfig.stream;

/** What an expression depends on: an item of FROM, or the request. */
sealed interface Dependency permits Item, Dependency.Request {
  /** The request. */
  enum Request implements Dependency {
    REQUEST
  }
}
