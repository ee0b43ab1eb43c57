package org.powersync.jakarta.syncconfig.schema;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;

/** A column that a query puts out. */
public sealed interface ResultColumn {
  /** {@code *}. */
  record Star() implements ResultColumn {}

  /**
   * An expression under its name.
   *
   * @param sourceColumn the column of the source, when it is nothing else
   */
  record Named(String name, ColumnKinds.Inferred kinds, Optional<String> sourceColumn)
      implements ResultColumn {}

  /** What an entry of a select list over one table puts out. */
  static ResultColumn of(SelectColumn column) {
    Expression expression = column.expression();
    if (expression instanceof Expression.Star) {
      return new Star();
    }
    Optional<String> source =
        expression instanceof Expression.ColumnReference reference
            ? Optional.of(reference.column().name())
            : Optional.empty();
    String name =
        column.alias().map(alias -> alias.name()).or(() -> source).orElse(expression.toString());
    return new Named(name, columns -> new KindInference(columns).of(expression), source);
  }
}
