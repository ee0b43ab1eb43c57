/**
 * Errors as values: a stable code, a constant message and a context of keys and values.
 *
 * <p>Every failure that an operator or a client may see is a {@link
 * org.powersync.jakarta.error.PowerSyncException} with an {@link
 * org.powersync.jakarta.error.ErrorCode}. Codes are contractual, texts are not. The package is
 * known to all others and knows none of them; it lives in the server's shared library because the
 * datasource, which the server loads before the application, reports errors the same way.
 */
package org.powersync.jakarta.error;
