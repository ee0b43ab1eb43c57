package org.powersync.jakarta.sync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.TooManyRowsException;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** Bucket storage in memory, for one thread and fake time. */
final class FakeStorage implements BucketReader, WriteCheckpoints {
  private record Stored(BucketOperation operation, OptionalLong target) {}

  private record Marker(Lsn head, long number) {}

  private final FakeTime time;
  private final Map<BucketName, TreeMap<Long, Stored>> buckets = new HashMap<>();
  private final Map<ParameterLookup, List<OutputRow>> parameters = new HashMap<>();
  private final Map<String, Marker> markers = new HashMap<>();

  /** Which lookup an operation id of a parameter entry belongs to; empty when nobody said. */
  private final TreeMap<Long, Optional<ParameterLookup>> parameterOps = new TreeMap<>();

  private Checkpoint checkpoint = new Checkpoint(new GroupId(1), OpId.ZERO, Optional.empty());
  private long lastOp;
  private boolean ended;

  /** Every read as {@code bucket after…}, in order. */
  final List<String> reads = new ArrayList<>();

  /** How often checksums were asked for. */
  int checksumCalls;

  /** How often lookups were asked for. */
  int lookupCalls;

  /** Of which buckets checksums were asked last. */
  Set<BucketName> checksumsAsked = Set.of();

  Runnable beforeRead = () -> {};

  /** Whether reading needs no query. */
  boolean atHand;

  FakeStorage(FakeTime time) {
    this.time = time;
  }

  /** Stores a row; its checksum is what the caller says, so that figures can be the spec's. */
  long put(String bucket, String type, String id, long checksum, String data) {
    return add(
        bucket,
        new BucketOperation(
            ++lastOp,
            BucketOperation.Kind.PUT,
            type,
            id,
            "S" + id,
            checksum,
            data.getBytes(StandardCharsets.UTF_8)),
        OptionalLong.empty());
  }

  /** Stores small rows with checksum 1. */
  void put(String bucket, int rows) {
    for (int i = 0; i < rows; i++) {
      put(bucket, "t", "r" + (lastOp + 1), 1, "{\"id\":\"r\"}");
    }
  }

  /** Removes a row from a bucket. */
  long remove(String bucket, String type, String id, long checksum) {
    return add(
        bucket,
        new BucketOperation(
            ++lastOp, BucketOperation.Kind.REMOVE, type, id, "S" + id, checksum, null),
        OptionalLong.empty());
  }

  /** An operation id that no bucket shows, as parameter entries take. */
  void skipOp() {
    parameterOps.put(++lastOp, Optional.empty());
  }

  /** An operation id of a parameter entry that this lookup finds. */
  void skipOp(ParameterLookup lookup) {
    parameterOps.put(++lastOp, Optional.of(lookup));
  }

  /** The operation id given out last. */
  long lastOp() {
    return lastOp;
  }

  /** Some operation of a bucket; empty when it has none. */
  OptionalLong someOp(String bucket, Random random) {
    List<Long> ops =
        List.copyOf(buckets.getOrDefault(new BucketName(bucket), new TreeMap<>()).keySet());
    return ops.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(ops.get(random.nextInt(ops.size())));
  }

  /** Replaces the operations of a bucket up to an id by a CLEAR. */
  void compact(String bucket, long upTo, long target) {
    TreeMap<Long, Stored> operations = buckets.get(new BucketName(bucket));
    int sum = 0;
    for (Stored stored : operations.headMap(upTo, true).values()) {
      sum += (int) stored.operation().checksum();
    }
    operations.headMap(upTo, true).clear();
    add(
        bucket,
        new BucketOperation(upTo, BucketOperation.Kind.CLEAR, null, null, null, sum, null),
        OptionalLong.of(target));
  }

  private long add(String bucket, BucketOperation operation, OptionalLong target) {
    buckets
        .computeIfAbsent(new BucketName(bucket), name -> new TreeMap<>())
        .put(operation.opId(), new Stored(operation, target));
    return operation.opId();
  }

  void parameter(ParameterLookup lookup, List<OutputRow> rows) {
    parameters.put(lookup, rows);
    parameterOps.put(lastOp + 1, Optional.of(lookup));
  }

  /** Rows that lookups get in addition to those they have. */
  void alsoParameter(Runnable saving) {
    Map<ParameterLookup, List<OutputRow>> before = new HashMap<>(parameters);
    saving.run();
    before.forEach(
        (lookup, rows) ->
            parameters.computeIfPresent(
                lookup,
                (key, now) -> {
                  List<OutputRow> all = new ArrayList<>(rows);
                  all.addAll(now);
                  return all;
                }));
  }

  /** What changed, as a storage that knows exactly would say it. */
  Changes knownChanges(OpId after, OpId upTo) {
    Set<BucketName> changed = new HashSet<>();
    buckets.forEach(
        (name, operations) -> {
          if (!operations.subMap(after.value(), false, upTo.value(), true).isEmpty()) {
            changed.add(name);
          }
        });
    Collection<Optional<ParameterLookup>> entries =
        parameterOps.subMap(after.value(), false, upTo.value(), true).values();
    if (entries.stream().anyMatch(Optional::isEmpty)) {
      return Changes.EVERYTHING;
    }
    return new Changes.Only(
        changed, entries.stream().map(Optional::get).collect(Collectors.toSet()));
  }

  void commit(String lsn) {
    checkpoint = new Checkpoint(new GroupId(1), new OpId(lastOp), Optional.of(new Lsn(lsn)));
  }

  void keepalive(String lsn) {
    checkpoint = new Checkpoint(new GroupId(1), checkpoint.opId(), Optional.of(new Lsn(lsn)));
  }

  /** Another stream becomes active. */
  void end() {
    ended = true;
  }

  void writeCheckpoint(String user, String head, long number) {
    markers.put(user, new Marker(new Lsn(head), number));
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public Map<BucketName, BucketChecksum> checksums(OpId at, Collection<BucketName> names) {
    checksumCalls++;
    checksumsAsked = Set.copyOf(names);
    Map<BucketName, BucketChecksum> checksums = new HashMap<>();
    for (BucketName name : names) {
      int sum = 0;
      int count = 0;
      for (Stored stored : upTo(name, at)) {
        sum += (int) stored.operation().checksum();
        count++;
      }
      Map.Entry<Long, Stored> next =
          buckets.getOrDefault(name, new TreeMap<>()).higherEntry(at.value());
      if (count == 0
          && next != null
          && next.getValue().operation().kind() == BucketOperation.Kind.CLEAR) {
        throw new CompactedCheckpointException(new GroupId(1), at);
      }
      checksums.put(name, new BucketChecksum(sum, count));
    }
    return checksums;
  }

  private Collection<Stored> upTo(BucketName name, OpId at) {
    return buckets.getOrDefault(name, new TreeMap<>()).headMap(at.value(), true).values();
  }

  @Override
  public List<BucketChunk> read(OpId at, Collection<BucketPosition> positions, ReadLimits limits) {
    beforeRead.run();
    List<BucketChunk> chunks = new ArrayList<>();
    StringBuilder asked = new StringBuilder();
    int rows = 0;
    List<BucketPosition> sorted =
        positions.stream().sorted(Comparator.comparing(BucketPosition::bucket)).toList();
    for (BucketPosition position : sorted) {
      asked.append(asked.isEmpty() ? "" : ", ").append(position.bucket()).append(' ');
      asked.append(position.after());
      List<BucketOperation> operations = new ArrayList<>();
      OptionalLong target = OptionalLong.empty();
      for (Stored stored : upTo(position.bucket(), at)) {
        if (stored.operation().opId() > position.after().value() && rows < limits.rows()) {
          rows++;
          operations.add(stored.operation());
          target = stored.target().isPresent() ? stored.target() : target;
        }
      }
      if (!operations.isEmpty()) {
        long last = operations.get(operations.size() - 1).opId();
        chunks.add(
            new BucketChunk(
                position.bucket(),
                position.after(),
                new OpId(last),
                rows >= limits.rows(),
                operations,
                target));
      }
    }
    reads.add(asked.toString());
    return chunks;
  }

  @Override
  public Optional<List<BucketChunk>> readAtHand(
      OpId at, Collection<BucketPosition> positions, ReadLimits limits) {
    return atHand ? Optional.of(read(at, positions, limits)) : Optional.empty();
  }

  @Override
  public Map<ParameterLookup, List<OutputRow>> lookups(
      OpId at, Collection<ParameterLookup> lookups, int limit) {
    lookupCalls++;
    Map<ParameterLookup, List<OutputRow>> found = new HashMap<>();
    int rows = 0;
    for (ParameterLookup lookup : lookups) {
      found.put(lookup, parameters.getOrDefault(lookup, List.of()));
      rows += found.get(lookup).size();
      if (rows > limit) {
        throw new TooManyRowsException(limit, found, lookup);
      }
    }
    return found;
  }

  @Override
  public void clearChecksumCache() {
    checksumCalls = 0;
  }

  @Override
  public Result create(List<Request> requests) {
    throw new UnsupportedOperationException("streams only read write checkpoints");
  }

  @Override
  public Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position) {
    Map<String, Long> effective = new HashMap<>();
    for (String user : userIds) {
      Marker marker = markers.get(user);
      if (marker != null && position.isPresent() && marker.head().compareTo(position.get()) <= 0) {
        effective.put(user, marker.number());
      }
    }
    return effective;
  }

  @Override
  public CheckpointSubscription watch() {
    return new Subscription();
  }

  private final class Subscription implements CheckpointSubscription {
    private Checkpoint returned;
    private boolean wokenUp;

    @Override
    public Event next(Duration timeout) {
      Instant end = time.instant().plus(timeout);
      boolean waiting = true;
      while (true) {
        if (ended) {
          return new Ended();
        }
        if (!checkpoint.equals(returned)) {
          returned = checkpoint;
          return new Advanced(checkpoint);
        }
        if (wokenUp || !waiting) {
          wokenUp = false;
          return new TimedOut();
        }
        waiting = time.passUntil(end);
      }
    }

    @Override
    public void wakeUp() {
      wokenUp = true;
    }

    @Override
    public void close() {
      wokenUp = false;
    }
  }
}
