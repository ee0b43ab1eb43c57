/**
 * Stored forms, byte for byte: checksums, row identities, lookup keys, parameter rows and row
 * copies (storage section 3).
 *
 * <p>Functions without state or side effects. What a hash or a key is made of must not change by a
 * single byte, because clients and other processes recompute it. The forms that the sync config
 * language itself defines (BSON values, row JSON) are in {@code syncconfig.value}.
 */
package org.powersync.jakarta.storage.postgres.format;
