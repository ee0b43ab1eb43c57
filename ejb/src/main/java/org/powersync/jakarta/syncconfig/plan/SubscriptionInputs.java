package org.powersync.jakarta.syncconfig.plan;

import java.util.Map;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A request and one of its subscriptions as inputs.
 *
 * @param subscription its parameters; null for the default subscription
 * @param element the row of a table function over request data, null elsewhere
 */
record SubscriptionInputs(
    RequestValues request, Map<String, Object> subscription, JsonValues.Element element)
    implements Inputs {

  SubscriptionInputs(RequestValues request, Map<String, Object> subscription) {
    this(request, subscription, null);
  }

  SubscriptionInputs with(JsonValues.Element row) {
    return new SubscriptionInputs(request, subscription, row);
  }

  /** A column of the table function. */
  @Override
  public SqlValue column(int slot) {
    return JsonEach.value(element, slot);
  }
}
