/**
 * Event definitions: rows that are handed on instead of being synced, by the expression rules of
 * editions 1 and 2 in every edition. Specification: sync config 14.
 */
package org.powersync.jakarta.syncconfig.event;
