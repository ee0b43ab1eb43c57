package org.powersync.jakarta.syncconfig.early;

import java.util.Map;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RequestValues;

/**
 * A request as one subscription sees it.
 *
 * @param subscription the parameters, empty for the default subscription
 */
record SubscriptionInputs(RequestValues request, Map<String, Object> subscription)
    implements Inputs {}
