package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanHashes;
import org.powersync.jakarta.syncconfig.plan.PlanInput;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;

/**
 * An item as one AND term uses it: filters, outputs, and for a table its partition keys. Collects
 * while the term is resolved; compared by identity.
 */
abstract sealed class Node {
  private final List<PlanExpression<PlanInput>> filters = new ArrayList<>();
  private final List<PlanExpression<PlanInput>> outputs = new ArrayList<>();
  private int depth;

  /** Where the value of a key comes from. */
  sealed interface Source {
    /** The request. */
    record Request(PlanExpression<Reference> expression) implements Source {}

    /** An output of another node. */
    record Output(Node node, int index) implements Source {}
  }

  /** A partition key; several sources intersect. */
  record Key(PlanExpression<PlanInput> expression, List<Source> sources) {}

  /** An expression over the node's items, as the plan writes it. */
  abstract PlanExpression<PlanInput> local(PlanExpression<Reference> expression);

  void filter(PlanExpression<Reference> expression) {
    filters.add(local(expression));
  }

  /** The number of an output; equal ones are one. */
  int output(PlanExpression<Reference> expression) {
    PlanExpression<PlanInput> local = local(expression);
    int index = outputs.indexOf(local);
    if (index >= 0) {
      return index;
    }
    outputs.add(local);
    return outputs.size() - 1;
  }

  List<PlanExpression<PlanInput>> filters() {
    return filters;
  }

  List<PlanExpression<PlanInput>> outputs() {
    return outputs;
  }

  /** How many nodes are between this one and the primary table; that is 0 itself. */
  int depth() {
    return depth;
  }

  /** Puts the node at least this deep, and what it needs deeper still. */
  void sink(int least) {
    depth = Math.max(depth, least);
  }

  static SyncPlan.RowFunction planned(
      Item.Function function, java.util.function.Function<Reference, PlanInput> inputs) {
    return new SyncPlan.RowFunction(
        function.name(), function.arguments().stream().map(a -> a.<PlanInput>map(inputs)).toList());
  }

  /** A table, with the table functions that run over its rows. */
  static final class Table extends Node {
    private final Item.Table item;
    private final List<SyncPlan.RowFunction> functions = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();

    Table(Item.Table item) {
      this.item = item;
    }

    Item.Table item() {
      return item;
    }

    void key(PlanExpression<Reference> expression, Source source) {
      PlanExpression<PlanInput> local = local(expression);
      for (Key key : keys) {
        if (key.expression().equals(local)) {
          key.sources().add(source);
          return;
        }
      }
      keys.add(new Key(local, new ArrayList<>(List.of(source))));
    }

    @Override
    PlanExpression<PlanInput> local(PlanExpression<Reference> expression) {
      return expression.map(this::input);
    }

    private PlanInput input(Reference reference) {
      if (reference instanceof Reference.Column column) {
        return column.item() instanceof Item.Function function
            ? new PlanInput.FunctionOutput(index(function), column.name())
            : new PlanInput.Column(column.name());
      }
      if (reference instanceof Reference.Metadata metadata) {
        return metadata.which();
      }
      return ((Reference.RequestData) reference).which();
    }

    /** The number of a function; equal ones run once, so that their outputs are the same. */
    private int index(Item.Function function) {
      SyncPlan.RowFunction planned = planned(function, this::input);
      int index = functions.indexOf(planned);
      if (index >= 0) {
        return index;
      }
      functions.add(planned);
      return functions.size() - 1;
    }

    @Override
    void sink(int least) {
      super.sink(least);
      for (Key key : keys) {
        for (Source source : key.sources()) {
          if (source instanceof Source.Output output) {
            output.node().sink(depth() + 1);
          }
        }
      }
    }

    /** The keys in the order of bucket names. */
    List<Key> sortedKeys() {
      List<Key> sorted = new ArrayList<>(keys);
      sorted.sort(Comparator.comparingInt(key -> PlanHashes.ofKey(key.expression(), functions)));
      return sorted;
    }

    SyncPlan.Processor processor() {
      return new SyncPlan.Processor(
          item.table(), functions, filters(), sortedKeys().stream().map(Key::expression).toList());
    }
  }

  /** A table function over request data. */
  static final class Function extends Node {
    private final Item.Function item;

    Function(Item.Function item) {
      this.item = item;
    }

    Item.Function item() {
      return item;
    }

    @Override
    PlanExpression<PlanInput> local(PlanExpression<Reference> expression) {
      return expression.map(Function::input);
    }

    private static PlanInput input(Reference reference) {
      return reference instanceof Reference.Column column
          ? new PlanInput.Column(column.name())
          : ((Reference.RequestData) reference).which();
    }

    SyncPlan.RowFunction function() {
      return planned(item, Function::input);
    }
  }
}
