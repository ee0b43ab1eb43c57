package org.powersync.jakarta.syncconfig.expression;

import java.util.Map;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The JSON documents of a request; their members are read without going through text. */
public enum RequestJson implements Computation {
  /** {@code request.jwt()}. */
  TOKEN {
    @Override
    Map<String, Object> in(RequestValues request) {
      return request.token();
    }
  },
  /** {@code request.parameters()}. */
  PARAMETERS {
    @Override
    Map<String, Object> in(RequestValues request) {
      return request.parameters();
    }
  };

  abstract Map<String, Object> in(RequestValues request);

  @Override
  public SqlValue compute(Inputs inputs) {
    return SqlValue.of(JsonBuffer.textOf(in(inputs.request())));
  }
}
