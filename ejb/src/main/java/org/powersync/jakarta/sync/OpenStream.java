package org.powersync.jakarta.sync;

import java.time.Instant;
import java.util.Optional;
import org.powersync.jakarta.storage.OpId;

/**
 * An open sync stream, as an operator sees it.
 *
 * @param userAgent empty when the client did not say
 * @param operations sent so far
 * @param completed the last checkpoint that was sent completely
 */
public record OpenStream(
    String userId,
    Optional<String> clientId,
    String userAgent,
    Instant since,
    long operations,
    Optional<OpId> completed) {}
