package org.powersync.jakarta.syncconfig.stream;

import org.powersync.jakarta.syncconfig.plan.PlanInput;

/** An input of an expression while compiling, with its place. */
sealed interface Reference {
  /** What it reads from. */
  Dependency dependency();

  /** Where it stands. */
  Origin origin();

  /** A column of an item. */
  record Column(Item item, String name, Origin origin) implements Reference {
    @Override
    public Dependency dependency() {
      return item;
    }
  }

  /** {@code t.schema()} and its kin. */
  record Metadata(Item.Table item, PlanInput.Metadata which, Origin origin) implements Reference {
    @Override
    public Dependency dependency() {
      return item;
    }
  }

  /** A document of the request. */
  record RequestData(PlanInput.Request which, Origin origin) implements Reference {
    @Override
    public Dependency dependency() {
      return Dependency.Request.REQUEST;
    }
  }
}
