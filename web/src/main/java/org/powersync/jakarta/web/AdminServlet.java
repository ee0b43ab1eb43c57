package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;

/**
 * A route for operators: decodes, validates, lets only callers in their role pass, then answers
 * (sync API sections 1.2 and 6.6).
 */
abstract class AdminServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Operators operators;
  @Inject private transient AdminAdmission admission;
  @Inject private transient ApiOptions options;

  AdminServlet(Set<String> methods) {
    super(methods);
  }

  /** What is left to do once the caller is known to be an operator. */
  @FunctionalInterface
  interface Answer {
    void to(Exchange exchange);
  }

  /**
   * Validates a request.
   *
   * @throws org.powersync.jakarta.error.PowerSyncException if its shape is wrong
   */
  abstract Answer prepare(Exchange exchange, Map<String, Object> parameters);

  /** The request as one flat object; routes that take other bodies than JSON differ. */
  Map<String, Object> parameters(Exchange exchange) {
    return exchange.parameters();
  }

  @Override
  final boolean offered() {
    return options.servesApi();
  }

  @Override
  final Admission admission() {
    return admission.group();
  }

  @Override
  final void handle(Exchange exchange) {
    Answer answer = prepare(exchange, parameters(exchange));
    operators.require(exchange);
    answer.to(exchange);
  }
}
