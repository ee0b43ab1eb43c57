package org.powersync.jakarta.syncconfig;

/**
 * A bucket definition or stream as clients see it.
 *
 * @param name its name
 * @param isDefault whether it takes part without being subscribed; true for bucket definitions
 */
public record DefinitionInfo(String name, boolean isDefault) {}
