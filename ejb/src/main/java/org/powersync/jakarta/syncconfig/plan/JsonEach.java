package org.powersync.jakarta.syncconfig.plan;

import java.util.List;
import org.powersync.jakarta.syncconfig.expression.Choices;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The table function {@code json_each}, ready to run (sync config section 6.7). */
final class JsonEach {
  private static final String NAME = "json_each";
  private static final String KEY_COLUMN = "key";
  private static final String VALUE_COLUMN = "value";
  private static final int KEY = 0;
  private static final int VALUE = 1;

  private final Computation argument;
  private final boolean nullIsNull;

  JsonEach(SyncPlan.RowFunction function, ExpressionCompiler expressions, ExpressionRules rules) {
    this.argument =
        function.name().equals(NAME) && function.arguments().size() == 1
            ? expressions.compile(function.arguments().get(0))
            : Choices.failing(
                "function-not-implemented", "There is no table function " + function.name());
    this.nullIsNull = rules.fixedJson();
  }

  List<JsonValues.Element> rows(Inputs inputs) {
    return JsonValues.each(argument.compute(inputs), nullIsNull);
  }

  /** The number of a column, −1 when it has no such column. */
  static int column(String name) {
    return name.equals(KEY_COLUMN) ? KEY : name.equals(VALUE_COLUMN) ? VALUE : -1;
  }

  static SqlValue value(JsonValues.Element row, int column) {
    return column == KEY ? row.key() : column == VALUE ? row.value() : SqlValue.NULL;
  }
}
