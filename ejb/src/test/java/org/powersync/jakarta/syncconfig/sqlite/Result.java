package org.powersync.jakarta.syncconfig.sqlite;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What evaluating an expression came to. */
sealed interface Result {
  /** A value. */
  record Value(SqlValue value) implements Result {}

  /** An error. */
  record Failed() implements Result {}
}
