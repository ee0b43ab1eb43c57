package org.powersync.jakarta.syncconfig;

/**
 * A bucket definition or stream as clients see it.
 *
 * @param name its name
 * @param isDefault whether it takes part without being subscribed; true for bucket definitions
 * @param isStream whether it is written as a stream rather than as a bucket definition
 */
public record DefinitionInfo(String name, boolean isDefault, boolean isStream) {}
