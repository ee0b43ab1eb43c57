/**
 * Lines as BSON documents, one behind the other with nothing in between; the format of the
 * JavaScript SDKs and of every RSocket answer. Row data is copied as the bytes it is stored as.
 * Specification: sync API section 3.3.
 */
package org.powersync.jakarta.sync.bson;
