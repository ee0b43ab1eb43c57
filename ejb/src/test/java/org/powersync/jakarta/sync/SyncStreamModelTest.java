package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.value.SqlValue;
import org.powersync.jakarta.telemetry.Counters;

/**
 * Random histories of commits, lost and regained buckets and compactions, with storage work that
 * finishes at random moments: a client model checks every line, and that it ends up with
 * everything.
 */
class SyncStreamModelTest {
  private static final int HISTORIES = 40;
  private static final int BUCKETS = 6;
  private static final int COMMITS = 40;
  private static final int WORK = 1000;
  private static final ParameterLookup MEMBERSHIP =
      new ParameterLookup("m", "", List.of(SqlValue.of("ann")));

  /** One history. */
  private static final class History {
    private final Random random;
    private final StreamScenario scenario = new StreamScenario();
    private final FakeStorage storage = scenario.storage;
    private final List<Runnable> tasks = new ArrayList<>();

    /** Which buckets the client may read, by the checkpoint since which that is so. */
    private final TreeMap<Long, Set<Integer>> membership = new TreeMap<>();

    private OpId lookedUpAt;

    History(int seed) {
      random = new Random(seed);
      membership.put(0L, Set.of());
      scenario
          .definition("d", true)
          .dynamic(
              source -> {
                source.find(List.of(MEMBERSHIP));
                return membership.floorEntry(lookedUpAt.value()).getValue().stream()
                    .map(this::resolved)
                    .toList();
              })
          .reader(new Reader())
          .slots(new DataSlots(1 + random.nextInt(2), tasks::add, new Counters()))
          .background(tasks::add)
          .tokenLife(Duration.ofHours(2))
          .endsByItself();
      if (random.nextBoolean()) {
        scenario.shared();
      }
    }

    private ResolvedBucket resolved(int bucket) {
      return StreamScenario.resolved("d", name(bucket), bucket % 4, OptionalInt.empty());
    }

    private static String name(int bucket) {
      return "1#d[" + bucket + "]";
    }

    private void commit() {
      int buckets = 1 + random.nextInt(3);
      for (int i = 0; i < buckets; i++) {
        int rows = random.nextInt(4) == 0 ? 1200 : random.nextInt(20);
        String bucket = name(random.nextInt(BUCKETS));
        for (int row = 0; row < rows; row++) {
          storage.put(bucket, "t", "r", random.nextInt() & 0xffffffffL, "{}");
        }
      }
      if (random.nextInt(3) == 0) {
        if (random.nextBoolean()) {
          storage.skipOp();
        } else {
          storage.skipOp(MEMBERSHIP);
        }
        membership.put(
            storage.lastOp(),
            random.ints(0, BUCKETS).limit(BUCKETS).boxed().collect(Collectors.toSet()));
      }
      storage.commit("0/1");
      if (random.nextInt(4) == 0) {
        String bucket = name(random.nextInt(BUCKETS));
        storage
            .someOp(bucket, random)
            .ifPresent(op -> storage.compact(bucket, op, storage.lastOp()));
      }
    }

    private void finale() {
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        storage.put(name(bucket), 1);
      }
      storage.commit("0/1");
    }

    private void work() {
      if (!tasks.isEmpty()) {
        tasks.remove(random.nextInt(tasks.size())).run();
      }
    }

    ClientModel run() throws Exception {
      int at = 0;
      for (int i = 0; i < COMMITS; i++) {
        at += random.nextInt(30);
        scenario.at(Duration.ofMillis(at), this::commit);
      }
      scenario.at(Duration.ofMillis(at + 50), this::finale);
      int moment = 0;
      for (int i = 0; i < WORK; i++) {
        moment += random.nextInt(10);
        scenario.at(Duration.ofMillis(moment), this::work);
      }
      scenario.at(Duration.ofMinutes(1), storage::end);
      scenario.run();
      ClientModel client = new ClientModel();
      for (String line : scenario.lines) {
        client.take(line);
      }
      assertThat(client.upToDate(storage.lastOp())).as("the last lines %s", lastLines()).isTrue();
      assertThat(client.names())
          .isEqualTo(
              membership.lastEntry().getValue().stream()
                  .map(History::name)
                  .collect(Collectors.toSet()));
      return client;
    }

    private List<String> lastLines() throws Exception {
      return Transcript.of(
          scenario.lines.subList(scenario.lines.size() - 10, scenario.lines.size()));
    }

    /** The fake storage, noting at which checkpoint lookups are asked. */
    private final class Reader implements BucketReader {
      @Override
      public Map<ParameterLookup, List<OutputRow>> lookups(
          OpId checkpoint, Collection<ParameterLookup> lookups, int limit) {
        lookedUpAt = checkpoint;
        return Map.of();
      }

      @Override
      public Checkpoint checkpoint() {
        return storage.checkpoint();
      }

      @Override
      public Map<BucketName, BucketChecksum> checksums(
          OpId checkpoint, Collection<BucketName> buckets) {
        return storage.checksums(checkpoint, buckets);
      }

      /** So that lines are built on both kinds of threads. */
      @Override
      public boolean knowsChecksums(OpId checkpoint, Collection<BucketName> buckets) {
        return checkpoint.value() % 2 == 0;
      }

      @Override
      public List<BucketChunk> read(
          OpId checkpoint, Collection<BucketPosition> positions, ReadLimits limits) {
        return storage.read(checkpoint, positions, limits);
      }

      @Override
      public CheckpointSubscription watch() {
        return storage.watch();
      }

      @Override
      public void clearChecksumCache() {
        storage.clearChecksumCache();
      }
    }
  }

  @Tag("basic-no-duplicate-ops")
  @Test
  void whateverHappensEveryCompletedCheckpointIsConsistent() throws Exception {
    int completions = 0;
    int supersessions = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      ClientModel client = new History(seed).run();
      completions += client.completions();
      supersessions += client.supersessions();
    }
    assertThat(completions).isGreaterThan(HISTORIES * 3);
    assertThat(supersessions).isGreaterThan(HISTORIES);
  }
}
