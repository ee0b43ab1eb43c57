/**
 * Lines as newline-delimited JSON, written as bytes: row data is escaped or embedded without ever
 * becoming a text. Specification: sync API sections 3.3 and 3.6 to 3.10.
 */
package org.powersync.jakarta.sync.ndjson;
