package org.powersync.jakarta.storage;

import java.util.Optional;

/**
 * An operation id up to which a stream's data is consistent, and its source position.
 *
 * @param stream whose checkpoint it is
 * @param opId zero before the first checkpoint
 */
public record Checkpoint(GroupId stream, OpId opId, Optional<Lsn> lsn) {}
