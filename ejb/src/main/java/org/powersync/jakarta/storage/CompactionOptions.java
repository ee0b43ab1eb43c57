package org.powersync.jakarta.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * What a compaction does and how much at a time.
 *
 * @param buckets only these, whether or not they changed; an empty list means none. Absent: all
 *     that changed since the last complete run
 * @param maxOp operations above it are left alone; the stream's checkpoint is always a bound
 * @param parameters whether history of parameter rows is removed
 * @param incrementalOnly asks for a kind of compaction that this storage does not have: nothing is
 *     done
 * @param expireRequestsBefore client-requested write checkpoints older than this are removed, of
 *     all streams
 * @param timeLimit after which no further step begins
 * @param parameterRetention age at which a checkpoint is served to nobody any more; older parameter
 *     history is removed
 * @param limits sizes of steps
 */
public record CompactionOptions(
    Optional<List<BucketName>> buckets,
    Optional<OpId> maxOp,
    boolean parameters,
    boolean incrementalOnly,
    Optional<Instant> expireRequestsBefore,
    Duration timeLimit,
    Duration parameterRetention,
    Limits limits) {
  /** Everything that changed, without an end and without expiry. */
  public static final CompactionOptions DEFAULT =
      new CompactionOptions(
          Optional.empty(),
          Optional.empty(),
          true,
          false,
          Optional.empty(),
          Duration.ofDays(365),
          Duration.ofMinutes(15),
          Limits.DEFAULT);

  /**
   * Sizes of steps, each one transaction.
   *
   * @param moveBatch operations turned into MOVE
   * @param clearBatch operations replaced by one CLEAR, at least 2
   * @param memoryMegabytes of the database server for one sort or hash; more is written to disk
   */
  public record Limits(int moveBatch, int clearBatch, int memoryMegabytes) {
    public static final Limits DEFAULT = new Limits(10_000, 20_000, 64);

    public Limits {
      if (moveBatch < 1 || clearBatch < 2 || memoryMegabytes < 1) {
        throw new IllegalArgumentException(
            "moveBatch and memoryMegabytes must be at least 1, clearBatch at least 2");
      }
    }
  }

  public CompactionOptions {
    buckets = buckets.map(List::copyOf);
  }

  public CompactionOptions withBuckets(List<BucketName> only) {
    return new CompactionOptions(
        Optional.of(only),
        maxOp,
        parameters,
        incrementalOnly,
        expireRequestsBefore,
        timeLimit,
        parameterRetention,
        limits);
  }

  public CompactionOptions withMaxOp(OpId bound) {
    return new CompactionOptions(
        buckets,
        Optional.of(bound),
        parameters,
        incrementalOnly,
        expireRequestsBefore,
        timeLimit,
        parameterRetention,
        limits);
  }

  public CompactionOptions withParameters(boolean compacted, Duration retention) {
    return new CompactionOptions(
        buckets,
        maxOp,
        compacted,
        incrementalOnly,
        expireRequestsBefore,
        timeLimit,
        retention,
        limits);
  }

  public CompactionOptions withIncrementalOnly() {
    return new CompactionOptions(
        buckets,
        maxOp,
        parameters,
        true,
        expireRequestsBefore,
        timeLimit,
        parameterRetention,
        limits);
  }

  public CompactionOptions withExpireRequestsBefore(Instant instant) {
    return new CompactionOptions(
        buckets,
        maxOp,
        parameters,
        incrementalOnly,
        Optional.of(instant),
        timeLimit,
        parameterRetention,
        limits);
  }

  public CompactionOptions withTimeLimit(Duration limit) {
    return new CompactionOptions(
        buckets,
        maxOp,
        parameters,
        incrementalOnly,
        expireRequestsBefore,
        limit,
        parameterRetention,
        limits);
  }

  public CompactionOptions withLimits(Limits sizes) {
    return new CompactionOptions(
        buckets,
        maxOp,
        parameters,
        incrementalOnly,
        expireRequestsBefore,
        timeLimit,
        parameterRetention,
        sizes);
  }
}
