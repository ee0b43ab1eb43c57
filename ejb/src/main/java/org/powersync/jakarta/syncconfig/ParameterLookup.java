package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The key of a parameter index entry: name, query and values. Values are normalised on
 * construction: a REAL with an integral value becomes INTEGER (storage section 3.4), so that equal
 * lookups are equal objects.
 */
public record ParameterLookup(String name, String queryId, List<SqlValue> values) {
  public ParameterLookup {
    values = values.stream().map(ParameterLookup::normalised).toList();
  }

  private static SqlValue normalised(SqlValue value) {
    if (value instanceof SqlValue.Real real
        && !Double.isInfinite(real.value())
        && real.value() == Math.rint(real.value())) {
      return SqlValue.of(new java.math.BigDecimal(real.value()).toBigIntegerExact());
    }
    return value;
  }
}
