package org.powersync.jakarta.syncconfig.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.NumberText;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What functions of a request give (sync config sections 5.4 and 6.7). Immutable. */
public final class RequestValues implements Inputs {
  private static final String USER_ID = "user_id";

  private final Map<String, Object> token;
  private final Map<String, Object> parameters;
  private final SqlValue userId;
  private final Map<String, Object> convertedParameters;
  private final Map<String, Object> tokenParameters;

  public RequestValues(SyncRequest request) {
    this.token = request.token();
    this.parameters = request.parameters();
    this.userId = JsonValues.toSql(token.get("sub"), true);
    this.convertedParameters = converted(parameters);
    Object claim = token.get("parameters");
    this.tokenParameters = claim instanceof Map<?, ?> map ? converted(map) : Map.of();
  }

  @Override
  public RequestValues request() {
    return this;
  }

  /** The claim {@code sub}. */
  public SqlValue userId() {
    return userId;
  }

  /** The payload of the token, as JSON. */
  public Map<String, Object> token() {
    return token;
  }

  /** The connection parameters, as JSON. */
  public Map<String, Object> parameters() {
    return parameters;
  }

  /** {@code request.parameter(k)}: the top level was converted like a row. */
  public SqlValue parameter(JsonPath path) {
    return path.valueIn(convertedParameters);
  }

  /** {@code token_parameters.name}. */
  public SqlValue tokenParameter(String name) {
    return name.equals(USER_ID) ? userId : JsonValues.toRowValue(tokenParameters.get(name));
  }

  /** {@code user_parameters.name}. */
  public SqlValue userParameter(String name) {
    return JsonValues.toRowValue(convertedParameters.get(name));
  }

  /** Integral numbers become whole, booleans 1 and 0, objects and arrays their JSON text. */
  private static Map<String, Object> converted(Map<?, ?> json) {
    Map<String, Object> converted = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : json.entrySet()) {
      converted.put((String) member.getKey(), converted(member.getValue()));
    }
    return converted;
  }

  private static Object converted(Object json) {
    if (json instanceof Boolean bool) {
      return bool ? 1L : 0L;
    }
    if (json instanceof Double number) {
      SqlValue value = NumberText.integralAsInteger(number);
      return value instanceof SqlValue.Int integer
          ? (Object) integer.value()
          : value instanceof SqlValue.BigInt integer ? integer.value() : number;
    }
    if (json instanceof Map || json instanceof List) {
      return JsonBuffer.textOf(json);
    }
    return json;
  }
}
