/**
 * The service configuration: {@code powersync.yaml} and the environment, read once into one
 * validated immutable {@link org.powersync.jakarta.config.PowerSyncConfiguration}.
 *
 * <p>{@link org.powersync.jakarta.config.ConfigurationLoader} reads it; the result is either the
 * configuration or the list of everything that is wrong with it. Beans ask {@link
 * org.powersync.jakarta.config.ServiceConfiguration}, which exists in both cases: a wrong
 * configuration leaves the server up and not ready, with the reasons. Specification: configuration.
 */
package org.powersync.jakarta.config;
