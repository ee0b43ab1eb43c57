package org.powersync.jakarta.config;

import java.time.Duration;
import java.util.List;
import org.powersync.jakarta.connection.Secret;

/**
 * The API and its limits (configuration section 9).
 *
 * @param tokens accepted by the admin routes; none = all of them answer 401
 * @param maxConcurrentConnections of this process, HTTP streams and WebSockets each
 * @param maxStreamRequestSize bytes of a request for a stream, which names the client's buckets
 * @param maxDataFetchConcurrency streams that read data at the same time
 * @param checkpointRequestRetention age at which client-requested write checkpoints are removed
 * @param bucketCountCacheTtl lifetime of cached bucket counts
 */
public record ApiSettings(
    List<Secret> tokens,
    int maxConcurrentConnections,
    int maxStreamRequestSize,
    int maxDataFetchConcurrency,
    int maxBucketsPerConnection,
    int maxParameterQueryResults,
    Duration checkpointRequestRetention,
    Duration bucketCountCacheTtl) {
  public static final Duration DEFAULT_BUCKET_COUNT_CACHE_TTL = Duration.ofMinutes(60);

  /** What the reference takes on every route, in bytes. */
  public static final int LEAST_STREAM_REQUEST_SIZE = 1 << 20;

  public static final int DEFAULT_STREAM_REQUEST_SIZE = 16 << 20;
  public static final int GREATEST_STREAM_REQUEST_SIZE = 256 << 20;

  public ApiSettings {
    tokens = List.copyOf(tokens);
  }
}
