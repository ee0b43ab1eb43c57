/**
 * The scalar functions of the sync config language, one small class per family.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.function.ScalarFunctions} is the table from name to
 * function. Functions see evaluated arguments only; arguments left out by the caller are NULL
 * unless leaving them out means something. Specification: sync config 6.7.
 */
package org.powersync.jakarta.syncconfig.function;
