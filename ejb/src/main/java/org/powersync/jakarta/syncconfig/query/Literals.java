package org.powersync.jakarta.syncconfig.query;

import java.math.BigDecimal;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Values written down in SQL. */
public final class Literals {
  private Literals() {}

  /** Whole numbers have the precision of a double, as they always had in these editions. */
  public static SqlValue value(Expression.Literal literal) {
    if (literal instanceof Expression.TextLiteral text) {
      return SqlValue.of(text.value());
    }
    if (literal instanceof Expression.IntegerLiteral integer) {
      double rounded = integer.value().doubleValue();
      return Double.isInfinite(rounded)
          ? SqlValue.of(integer.value())
          : SqlValue.of(new BigDecimal(rounded).toBigIntegerExact());
    }
    if (literal instanceof Expression.RealLiteral real) {
      return SqlValue.of(real.value());
    }
    if (literal instanceof Expression.BooleanLiteral bool) {
      return Casts.bool(bool.value());
    }
    return SqlValue.NULL;
  }
}
