package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A processor over the rows of one table: which combinations of a row and its table functions pass,
 * and their partition keys (sync config section 9.4). Safe for all threads.
 */
final class RowProcessor {
  private final RowColumns columns = new RowColumns();
  private final ExpressionCompiler expressions;
  private final JsonEach[] functions;
  private final Computation[] filters;
  private final Computation[] keys;
  private final PerLayout<int[]> positions;

  /** Sees each combination that passes, in order. */
  interface Visitor {
    void combination(RowContext context);
  }

  RowProcessor(
      SyncPlan.Processor processor, TablePattern pattern, TableName table, ExpressionRules rules) {
    this.expressions =
        new ExpressionCompiler(rules, input -> input(input, columns, pattern, table));
    this.functions =
        processor.functions().stream()
            .map(function -> new JsonEach(function, expressions, rules))
            .toArray(JsonEach[]::new);
    this.filters = expressions.compileConditions(processor.filters());
    this.keys = expressions.compileAll(processor.keys());
    this.positions = new PerLayout<>(layout -> RowColumns.positions(columns.names(), layout));
  }

  private static Computation input(
      PlanInput input, RowColumns columns, TablePattern pattern, TableName table) {
    if (input instanceof PlanInput.Column column) {
      return new Computation.Column(columns.slot(column.name()));
    }
    if (input instanceof PlanInput.FunctionOutput output) {
      int column = JsonEach.column(output.name());
      return inputs -> inputs.functionOutput(output.function(), column);
    }
    if (input instanceof PlanInput.Metadata metadata) {
      return new Computation.Constant(
          SqlValue.of(
              switch (metadata) {
                case SCHEMA -> table.schema();
                case TABLE_NAME -> table.name();
                case TABLE_SUFFIX -> pattern.suffixOf(table);
              }));
    }
    throw new IllegalArgumentException("A row has no " + input.hashText());
  }

  /** A further expression over the rows; only before the first row. */
  Computation compile(PlanExpression<PlanInput> expression) {
    return expressions.compile(expression);
  }

  /** Visits the combinations that pass the filters. */
  void forEach(SourceRow row, Visitor visitor) {
    RowContext context = new RowContext(row, positions.of(row.layout()), functions.length);
    if (functions.length == 0) {
      if (passes(context)) {
        visitor.combination(context);
      }
      return;
    }
    List<List<JsonValues.Element>> elements = new ArrayList<>(functions.length);
    for (JsonEach function : functions) {
      elements.add(function.rows(context));
    }
    combine(context, elements, 0, visitor);
  }

  private void combine(
      RowContext context, List<List<JsonValues.Element>> elements, int function, Visitor visitor) {
    if (function < functions.length) {
      for (JsonValues.Element element : elements.get(function)) {
        context.select(function, element);
        combine(context, elements, function + 1, visitor);
      }
    } else if (passes(context)) {
      visitor.combination(context);
    }
  }

  private boolean passes(RowContext context) {
    for (Computation filter : filters) {
      if (!Casts.truth(filter.compute(context))) {
        return false;
      }
    }
    return true;
  }

  /** The partition keys; null when the combination belongs nowhere. */
  SqlValue[] keys(RowContext context) {
    SqlValue[] values = new SqlValue[keys.length];
    return all(keys, context, values) ? values : null;
  }

  /** Computes values of which none may be NULL or a BLOB; every one is computed all the same. */
  static boolean all(Computation[] computations, RowContext context, SqlValue[] values) {
    boolean usable = true;
    for (int i = 0; i < computations.length; i++) {
      values[i] = computations[i].compute(context);
      usable &= values[i] != SqlValue.NULL && !(values[i] instanceof SqlValue.Blob);
    }
    return usable;
  }
}
