package org.powersync.jakarta.syncconfig.plan;

import java.util.Map;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A JSON document of the request; its members are read without going through text. */
record RequestDocument(PlanInput.Request which) implements Computation {
  /** The document as JSON, null when there is none. */
  Map<String, Object> in(Inputs inputs) {
    return switch (which) {
      case AUTH -> inputs.request().token();
      case CONNECTION -> inputs.request().parameters();
      case SUBSCRIPTION -> inputs.subscription();
    };
  }

  @Override
  public SqlValue compute(Inputs inputs) {
    Map<String, Object> document = in(inputs);
    return document == null ? SqlValue.NULL : SqlValue.of(JsonBuffer.textOf(document));
  }
}
