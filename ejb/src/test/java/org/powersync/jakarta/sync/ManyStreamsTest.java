package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.LookupSource;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.telemetry.Counters;

/** Many streams at once on threads of their own, in real time, behind one watcher. */
@Timeout(120)
class ManyStreamsTest {
  private static final int STREAMS = 60;
  private static final int BUCKETS = 12;

  private final LiveStorage storage = new LiveStorage();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ExecutorService background = Executors.newFixedThreadPool(4);
  private final ExecutorService reading = Executors.newFixedThreadPool(3);
  private final DataSlots slots = new DataSlots(3, reading, new Counters());
  private final LiveCheckpoints live =
      new LiveCheckpoints(storage::knownChanges, storage, Runnable::run, Clock.systemUTC());
  private final CheckpointWatcher watcher = new CheckpointWatcher(storage, live);
  private final SharedReads reads = new SharedReads(storage, slots, live::shared, 1 << 20);

  @BeforeEach
  void startWatching() {
    threads.execute(watcher);
  }

  @AfterEach
  void stopThreads() throws InterruptedException {
    watcher.stop();
    for (ExecutorService pool : List.of(threads, background, reading)) {
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(storage.subscriptions()).isZero();
  }

  private static String name(int bucket) {
    return "1#d[" + bucket + "]";
  }

  /** One client with the buckets it may see. */
  private final class Client implements LineSink {
    private final List<Integer> buckets;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final SyncStream stream;

    private Client(String user, List<Integer> buckets) {
      this.buckets = buckets;
      RequestEvaluation evaluation = evaluation();
      stream =
          new SyncStream(
              new SyncStream.Shared(
                  slots, background, Clock.systemUTC(), new Random(1), new Counters()),
              new SyncStream.Source(
                  List.of(new DefinitionInfo("d", true, true)),
                  evaluation,
                  storage,
                  reads,
                  live::watch),
              new StreamCaller(user, Map.of(), Instant.now().plusSeconds(3600)),
              StreamRequest.of(Map.of("raw_data", true)),
              StreamLimits.DEFAULT);
    }

    private RequestEvaluation evaluation() {
      return new RequestEvaluation() {
        @Override
        public List<ResolvedBucket> staticBuckets() {
          return buckets.stream()
              .map(b -> StreamScenario.resolved("d", name(b), b % 4, OptionalInt.empty()))
              .toList();
        }

        @Override
        public List<SyncRequest.StreamError> errors() {
          return List.of();
        }

        @Override
        public boolean dynamic() {
          return false;
        }

        @Override
        public List<ResolvedBucket> dynamicBuckets(LookupSource source) {
          return List.of();
        }
      };
    }

    private StreamEnd run() throws IOException, InterruptedException {
      return stream.run(new NdjsonEncoder(true), this, true, StreamJournal.NONE);
    }

    @Override
    public void write(ByteBuffer line) {
      lines.add(StandardCharsets.UTF_8.decode(line).toString());
    }

    @Override
    public void flush() {
      // Lines are seen at once.
    }

    private boolean completed(long op) {
      String complete = "{\"checkpoint_complete\":{\"last_op_id\":\"" + op + "\"}}\n";
      return lines.contains(complete);
    }

    private boolean announced(String text) {
      return lines.stream().anyMatch(line -> line.contains(text));
    }
  }

  private List<Future<StreamEnd>> start(List<Client> clients) {
    return clients.stream().map(client -> threads.submit(client::run)).toList();
  }

  private static void await(Callable<Boolean> condition) {
    Await.until("every stream has what it should", Duration.ofSeconds(60), condition);
  }

  private void endAll(List<Future<StreamEnd>> running) throws Exception {
    storage.end();
    for (Future<StreamEnd> stream : running) {
      assertThat(stream.get(30, TimeUnit.SECONDS)).isEqualTo(StreamEnd.CONFIG_CHANGED);
    }
  }

  @Test
  void whateverIsCommittedEveryStreamEndsUpConsistent() throws Exception {
    Random random = new Random(7);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      clients.add(
          new Client("u" + i, random.ints(0, BUCKETS).limit(4).distinct().boxed().toList()));
    }
    List<Future<StreamEnd>> running = new ArrayList<>(start(clients.subList(0, STREAMS / 2)));
    storage.change(s -> s.commit("0/1"));
    for (int commit = 0; commit < 200; commit++) {
      int bucket = random.nextInt(BUCKETS);
      int rows = random.nextInt(20) == 0 ? 1500 : 1 + random.nextInt(5);
      storage.change(
          s -> {
            for (int row = 0; row < rows; row++) {
              s.put(name(bucket), "t", "r" + row, random.nextInt() & 0xffffffffL, "{}");
            }
            s.commit("0/1");
          });
      if (commit % 7 == 0 && running.size() < STREAMS) {
        running.addAll(start(clients.subList(running.size(), running.size() + 1)));
      }
    }
    running.addAll(start(clients.subList(running.size(), STREAMS)));
    storage.change(
        s -> {
          for (int bucket = 0; bucket < BUCKETS; bucket++) {
            s.put(name(bucket), 1);
          }
          s.commit("0/1");
        });
    long last = storage.checkpoint().opId().value();
    for (Client client : clients) {
      await(() -> client.completed(last));
    }
    endAll(running);
    for (Client client : clients) {
      ClientModel model = new ClientModel();
      for (String line : client.lines) {
        model.take(line);
      }
      assertThat(model.upToDate(last)).isTrue();
    }
  }

  @Test
  void aCommitCostsNothingForStreamsItDoesNotConcern() throws Exception {
    storage.change(
        s -> {
          for (int bucket = 0; bucket < BUCKETS; bucket++) {
            s.put(name(bucket), 1);
          }
          s.commit("0/1");
        });
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      clients.add(new Client("u" + i, List.of(i < 2 ? 0 : 1)));
    }
    List<Future<StreamEnd>> running = start(clients);
    for (Client client : clients) {
      await(() -> client.completed(BUCKETS));
    }
    int checksums = storage.checksums.get();
    int reads = storage.reads.get();
    for (int commit = 1; commit <= 10; commit++) {
      storage.change(
          s -> {
            s.put(name(0), 1);
            s.commit("0/1");
          });
      long op = BUCKETS + commit;
      await(() -> clients.get(0).completed(op) && clients.get(1).completed(op));
    }
    assertThat(storage.checksums.get() - checksums).isEqualTo(20);
    assertThat(storage.reads.get() - reads).isEqualTo(10);
    assertThat(clients.get(2).lines).hasSize(3);
    endAll(running);
  }

  @Test
  void everyUserHearsOfItsWriteCheckpoint() throws Exception {
    storage.change(s -> s.commit("0/1"));
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      clients.add(new Client("u" + i, List.of(i % BUCKETS)));
    }
    List<Future<StreamEnd>> running = start(clients);
    for (int round = 1; round <= 20; round++) {
      int number = round;
      String lsn = "1/%08d".formatted(round);
      storage.change(
          s -> {
            for (int i = 0; i < STREAMS; i++) {
              s.writeCheckpoint("u" + i, lsn, number);
            }
            s.keepalive(lsn);
          });
    }
    for (Client client : clients) {
      await(() -> client.announced("\"write_checkpoint\":\"20\""));
    }
    endAll(running);
  }
}
