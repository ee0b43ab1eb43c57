package org.powersync.jakarta.web;

import org.powersync.jakarta.sync.StreamLimits;

/**
 * What the configuration says about the HTTP side.
 *
 * @param servesApi whether anything but the probes answers in this process
 * @param probes whether the probe routes answer
 * @param replicates whether liveness depends on the replication loop
 * @param maxConcurrentStreams HTTP streams at once
 * @param maxStreamRequestSize bytes of the body that asks for a stream
 * @param maxDataFetchConcurrency streams that read data at once
 */
public record ApiOptions(
    boolean servesApi,
    boolean probes,
    boolean replicates,
    int maxConcurrentStreams,
    int maxStreamRequestSize,
    int maxDataFetchConcurrency,
    StreamLimits streamLimits) {}
