package org.powersync.jakarta.storage;

/**
 * CDI event, fired once per application start when the schema is in place and storage can be used.
 * Parts that need storage start on it; until then they report that they wait.
 */
public record StorageReady() {}
