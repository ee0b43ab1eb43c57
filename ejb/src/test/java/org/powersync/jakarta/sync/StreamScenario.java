package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.LookupSource;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.telemetry.Counters;

/**
 * One stream on fake storage and fake time, on the test's thread. A scenario says what happens
 * when, {@link #run} yields the lines; after a minute without anything to come the stream is ended
 * by a change of the active config.
 */
final class StreamScenario {
  final FakeTime time = new FakeTime();
  final FakeStorage storage = new FakeStorage(time);
  final Counters counters = new Counters();
  final RecordedJournal journal = new RecordedJournal();
  final List<String> lines = new ArrayList<>();
  final List<SyncRequest.StreamError> errors = new ArrayList<>();

  private final List<DefinitionInfo> definitions = new ArrayList<>();
  private final List<ResolvedBucket> staticBuckets = new ArrayList<>();
  private final List<Map.Entry<Predicate<String>, Runnable>> reactions = new ArrayList<>();
  private DeployedSyncConfig config;
  private LineEncoder encoder;
  private List<byte[]> encoded;
  private Function<LookupSource, List<ResolvedBucket>> dynamicBuckets;
  private String request = "{\"raw_data\":true}";
  private Duration tokenLife = Duration.ofHours(1);
  private StreamLimits limits = StreamLimits.DEFAULT;
  private DataSlots slots = new DataSlots(10, Runnable::run, new Counters());
  private Executor background = Runnable::run;
  private boolean keepalive = true;
  private boolean endsByItself;
  private boolean shared;
  private StreamTotals totals;
  private BucketReader reader = storage;
  private ChangeFeed changes = storage::knownChanges;

  StreamScenario definition(String name, boolean isDefault) {
    definitions.add(new DefinitionInfo(name, isDefault, true));
    return this;
  }

  /** A default stream of one static bucket. */
  StreamScenario bucket(String definition, String bucket, int priority) {
    definition(definition, true);
    return also(definition, bucket, priority, OptionalInt.empty());
  }

  /** One more static bucket of a definition. */
  StreamScenario also(String definition, String bucket, int priority, OptionalInt subscription) {
    staticBuckets.add(resolved(definition, bucket, priority, subscription));
    return this;
  }

  /** Evaluates requests by a real sync config instead of what the other methods say. */
  StreamScenario config(DeployedSyncConfig deployed) {
    config = deployed;
    return this;
  }

  /** The format of the lines; a sink gets the bytes as they are. */
  StreamScenario encoder(LineEncoder lineEncoder, List<byte[]> bytes) {
    encoder = lineEncoder;
    encoded = bytes;
    return this;
  }

  StreamScenario dynamic(Function<LookupSource, List<ResolvedBucket>> buckets) {
    dynamicBuckets = buckets;
    return this;
  }

  static ResolvedBucket resolved(
      String definition, String bucket, int priority, OptionalInt subscription) {
    return new ResolvedBucket(
        new BucketName(bucket),
        priority,
        definition,
        List.of(new SyncRequest.Reason(subscription)));
  }

  StreamScenario request(String json) {
    request = json;
    return this;
  }

  StreamScenario tokenLife(Duration life) {
    tokenLife = life;
    return this;
  }

  StreamScenario limits(int buckets, int parameterResults) {
    limits = new StreamLimits(buckets, parameterResults);
    return this;
  }

  StreamScenario slots(DataSlots slots) {
    this.slots = slots;
    return this;
  }

  StreamScenario background(Executor executor) {
    background = executor;
    return this;
  }

  StreamScenario reader(BucketReader reader) {
    this.reader = reader;
    return this;
  }

  /** Has something else than the storage say what changed. */
  StreamScenario changes(ChangeFeed feed) {
    changes = feed;
    return this;
  }

  /** Reads as if other streams wanted the same. */
  StreamScenario shared() {
    shared = true;
    return this;
  }

  StreamScenario withoutKeepalive() {
    keepalive = false;
    return this;
  }

  /** The stream is expected to end without help. */
  StreamScenario endsByItself() {
    endsByItself = true;
    return this;
  }

  /** Something that happens right after the first line that contains a text was sent. */
  StreamScenario after(String text, Runnable what) {
    reactions.add(Map.entry(line -> line.contains(text), what));
    return this;
  }

  /** Something that happens while the stream waits. */
  StreamScenario at(Duration sinceStart, Runnable what) {
    time.at(sinceStart, what);
    return this;
  }

  StreamEnd run() throws IOException, InterruptedException {
    if (!endsByItself) {
      time.at(Duration.ofMinutes(1), storage::end);
    }
    StreamRequest parsed = StreamRequest.of(members(request));
    LiveCheckpoints live = new LiveCheckpoints(changes, storage, Runnable::run, time);
    SyncStream stream =
        new SyncStream(
            new SyncStream.Shared(slots, background, time, new Random(1), counters),
            new SyncStream.Source(
                config == null ? definitions : config.config().definitions(),
                config == null
                    ? new Evaluation()
                    : config.evaluate(parsed.toSyncRequest(Map.of("sub", "ann"))),
                reader,
                new SharedReads(reader, slots, names -> shared, 1 << 20),
                user -> new PumpedWatch(time, live, storage.watch(), user)),
            new StreamCaller("ann", Map.of("sub", "ann"), FakeTime.START.plus(tokenLife)),
            parsed,
            limits);
    try {
      return encoder == null
          ? stream.run(new NdjsonEncoder(parsed.rawData()), new Sink(), keepalive, journal)
          : stream.run(encoder, new ByteSink(), keepalive, journal);
    } finally {
      totals = stream.totals();
    }
  }

  /** What was sent in the run. */
  StreamTotals totals() {
    return totals;
  }

  /** The lines of a run, without keepalives. */
  List<String> linesOfRun() throws IOException, InterruptedException {
    run();
    return lines.stream().filter(line -> !line.contains("token_expires_in")).toList();
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> members(String json) throws JsonProcessingException {
    Map<String, Object> members =
        new ObjectMapper()
            .configure(DeserializationFeature.ACCEPT_FLOAT_AS_INT, false)
            .readValue(json, Map.class);
    return (Map<String, Object>) doubles(members);
  }

  private static Object doubles(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof List<?> list) {
      return new ArrayList<>(list.stream().map(StreamScenario::doubles).toList());
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new java.util.LinkedHashMap<>();
      map.forEach((key, member) -> copy.put(key, doubles(member)));
      return copy;
    }
    return value;
  }

  private final class Evaluation implements RequestEvaluation {
    @Override
    public List<ResolvedBucket> staticBuckets() {
      return staticBuckets;
    }

    @Override
    public List<SyncRequest.StreamError> errors() {
      return errors;
    }

    @Override
    public boolean dynamic() {
      return dynamicBuckets != null;
    }

    @Override
    public List<ResolvedBucket> dynamicBuckets(LookupSource source) {
      return dynamicBuckets.apply(source);
    }
  }

  private final class ByteSink implements LineSink {
    @Override
    public void write(ByteBuffer line) {
      byte[] bytes = new byte[line.remaining()];
      line.get(bytes);
      encoded.add(bytes);
    }

    @Override
    public void flush() {
      assertThat(encoded).isNotEmpty();
    }
  }

  private final class Sink implements LineSink {
    @Override
    public void write(ByteBuffer line) {
      String text = StandardCharsets.UTF_8.decode(line).toString();
      assertThat(text).endsWith("\n");
      lines.add(text.substring(0, text.length() - 1));
      for (int i = 0; i < reactions.size(); i++) {
        if (reactions.get(i).getKey().test(text)) {
          reactions.remove(i).getValue().run();
          return;
        }
      }
    }

    @Override
    public void flush() {
      assertThat(lines).isNotEmpty();
    }
  }
}
