package org.powersync.jakarta.syncconfig.expression;

import java.util.Map;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The JSON documents of a request; their members are read without going through text. */
public enum RequestJson implements Computation {
  /** {@code request.jwt()}, {@code auth.parameters()}. */
  TOKEN {
    @Override
    Map<String, Object> in(Inputs inputs) {
      return inputs.request().token();
    }
  },
  /** {@code request.parameters()}, {@code connection.parameters()}. */
  PARAMETERS {
    @Override
    Map<String, Object> in(Inputs inputs) {
      return inputs.request().parameters();
    }
  },
  /** {@code subscription.parameters()} of early streams: empty without any. */
  SUBSCRIPTION {
    @Override
    Map<String, Object> in(Inputs inputs) {
      Map<String, Object> parameters = inputs.subscription();
      return parameters == null ? Map.of() : parameters;
    }
  };

  abstract Map<String, Object> in(Inputs inputs);

  @Override
  public SqlValue compute(Inputs inputs) {
    return SqlValue.of(JsonBuffer.textOf(in(inputs)));
  }
}
