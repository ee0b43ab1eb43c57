package org.powersync.jakarta.storage.postgres.write;

/**
 * What a row contributes to one lookup.
 *
 * @param json array of result rows in UTF-8
 */
record LookupRows(LookupKey lookup, byte[] json) {}
