/**
 * Bucket definitions as they are written, for people who look at a sync config through an API.
 *
 * <p>Start at {@link org.powersync.jakarta.syncconfig.describe.DefinitionText}.
 */
package org.powersync.jakarta.syncconfig.describe;
