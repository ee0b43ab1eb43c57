/**
 * The sync API over HTTP: routes, their decoding, admission and answers. No rules of the product
 * live here; streams and write checkpoints are made by {@code sync}, tokens verified by {@code
 * auth}.
 *
 * <p>Routes for operators are {@link org.powersync.jakarta.web.AdminServlet}s, open to {@link
 * org.powersync.jakarta.web.Operators} only; {@code diagnostics} knows their answers.
 *
 * <p>Every route is an {@link org.powersync.jakarta.web.ApiServlet}: it receives the body ({@link
 * org.powersync.jakarta.web.ArrivingBody}), admits the request to its group, decodes it to one flat
 * object, checks it, authorizes it and answers, in this order, through an {@link
 * org.powersync.jakarta.web.Exchange}. {@link org.powersync.jakarta.web.SyncStreamServlet} hands
 * its exchange to a thread of its own from {@link org.powersync.jakarta.web.StreamThreads}. {@link
 * org.powersync.jakarta.web.SyncComponents} puts the parts together. Specification: sync API
 * sections 1 to 5.
 */
package org.powersync.jakarta.web;
