package org.powersync.jakarta.syncconfig.stream;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;

/** A source of rows; each use of a table is an item of its own, compared by identity. */
sealed interface Item extends Dependency {

  /** Where it stands in FROM, alias included. */
  Origin origin();

  /** A source table. */
  final class Table implements Item {
    private final SyncPlan.Table table;
    private final Optional<String> alias;
    private final Origin origin;

    Table(SyncPlan.Table table, Optional<String> alias, Origin origin) {
      this.table = table;
      this.alias = alias;
      this.origin = origin;
    }

    SyncPlan.Table table() {
      return table;
    }

    /** The name that clients see; empty for a wildcard, whose tables keep their names. */
    Optional<String> outputName() {
      return alias.isPresent() || table.name().endsWith("%") ? alias : Optional.of(table.name());
    }

    @Override
    public Origin origin() {
      return origin;
    }
  }

  /** A table function, over what its arguments depend on. */
  final class Function implements Item {
    private final String name;
    private final List<PlanExpression<Reference>> arguments;
    private final Optional<Dependency> input;
    private final Origin origin;

    /**
     * @param input empty for literals
     */
    Function(
        String name,
        List<PlanExpression<Reference>> arguments,
        Optional<Dependency> input,
        Origin origin) {
      this.name = name;
      this.arguments = List.copyOf(arguments);
      this.input = input;
      this.origin = origin;
    }

    String name() {
      return name;
    }

    List<PlanExpression<Reference>> arguments() {
      return arguments;
    }

    Optional<Dependency> input() {
      return input;
    }

    @Override
    public Origin origin() {
      return origin;
    }
  }
}
