package org.powersync.jakarta.sync;

import java.util.Set;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * What the announcement of one stream was computed from. Immutable.
 *
 * @param buckets whose checksums it shows
 * @param lookups whose results chose the buckets
 */
record Dependencies(Set<BucketName> buckets, Set<ParameterLookup> lookups) {}
