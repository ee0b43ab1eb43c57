package org.powersync.jakarta.syncconfig.function;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A function from values to a value. Stateless; safe for all threads. */
@FunctionalInterface
public interface ScalarFunction {
  /** Applies the function; the array is the caller's own and may be reused by it afterwards. */
  SqlValue apply(SqlValue[] arguments);
}
