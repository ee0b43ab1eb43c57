package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.WriterFactory;

/** {@code scenario-lifecycle.json}: the states of streams through their lives. */
public final class LifecycleVectors implements VectorFile {
  private static final String STREAMS =
      "SELECT id, state, snapshot_done, last_checkpoint, last_checkpoint_lsn, keepalive_op,"
          + " no_checkpoint_before, snapshot_lsn FROM powersync.sync_rules ORDER BY id";
  private static final String ERRORS =
      "SELECT id, last_fatal_error FROM powersync.sync_rules ORDER BY id";

  private final WriterFactory writers;

  public LifecycleVectors(WriterFactory writers) {
    this.writers = writers;
  }

  /** What a step does; returns its result in the form of the file, or null. */
  @FunctionalInterface
  private interface Step {
    JsonNode run();
  }

  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageFixture fixture = new StorageFixture("vectors")) {
      PostgresBucketStorageProvider provider = fixture.provider(writers);
      Map<String, Step> known = new Life(provider, new LinkedHashMap<>()).steps();
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        if (known.containsKey(name)) {
          tally.check(
              "lifecycle, " + name,
              () -> {
                assertThat(known.get(name).run()).isEqualTo(step.get("result"));
                verify(step, fixture, provider);
              });
        } else {
          tally.notSupported("lifecycle, " + name, "unknown step");
        }
      }
      tally.check(
          "lifecycle, error on the deploying stream",
          () -> {
            provider.storage(provider.deploying().get()).reportError(new Error());
            assertThat(fixture.rows(ERRORS))
                .containsExactlyElementsOf(
                    file.get("last_errors_after_reporting_on_deploying_stream"));
          });
    }
  }

  private static void verify(
      JsonNode step, StorageFixture fixture, PostgresBucketStorageProvider provider) {
    assertThat(fixture.rows(STREAMS)).containsExactlyElementsOf(step.get("sync_rules"));
    assertThat(number(provider.active())).isEqualTo(step.get("active"));
    assertThat(number(provider.deploying())).isEqualTo(step.get("deploying"));
    assertThat(numbers(provider.replicating()))
        .containsExactlyInAnyOrderElementsOf(step.get("replicating"));
    assertThat(numbers(provider.stopped()))
        .containsExactlyInAnyOrderElementsOf(step.get("stopped"));
  }

  private static JsonNode number(Optional<ReplicationStream> stream) {
    return stream.<JsonNode>map(LifecycleVectors::number).orElse(NullNode.instance);
  }

  private static JsonNode number(ReplicationStream stream) {
    return JsonNodeFactory.instance.numberNode(stream.id().value());
  }

  private static List<JsonNode> numbers(List<ReplicationStream> streams) {
    return streams.stream().map(LifecycleVectors::number).toList();
  }

  /** The steps, told in the words of the file. */
  private record Life(
      PostgresBucketStorageProvider provider, Map<Integer, BucketWriter> writersByStream) {
    Map<String, Step> steps() {
      Map<String, Step> steps = new LinkedHashMap<>();
      steps.put("empty", () -> null);
      for (String text : List.of("a", "b", "c")) {
        steps.put("deploy " + text, silent(() -> provider.deploy(Deployment.of(text))));
      }
      steps.put(
          "a: commit 1/0 without empty checkpoints, before the snapshot is done",
          () -> commit(1, "1/0", false));
      steps.put("a: set resume position 0/5", silent(() -> writer(1).setResumeLsn(new Lsn("0/5"))));
      steps.put(
          "a: all snapshots done, barrier 3/0",
          silent(() -> writer(1).markAllSnapshotDone(new Lsn("3/0"))));
      steps.put("a: commit 2/0", () -> commit(1, "2/0", true));
      steps.put("a: commit 3/0", () -> commit(1, "3/0", true));
      steps.put("a: commit 4/0 without empty checkpoints", () -> commit(1, "4/0", false));
      steps.put(
          "a: commit 2/0 again (position below the last checkpoint)", () -> commit(1, "2/0", true));
      steps.put("configure with the text of c", () -> configure("c"));
      steps.put("configure with the text of a (active, but c is deploying)", () -> configure("a"));
      steps.put("restart replication of stream 4 (deploying)", restart(4));
      steps.put("restart replication of stream 1 (active, another one deploying)", restart(1));
      steps.put(
          "activate stream 5 at 9/0",
          () -> {
            writer(5).markAllSnapshotDone(new Lsn("9/0"));
            return commit(5, "9/0", true);
          });
      steps.put("restart replication of stream 5 (active, none deploying)", restart(5));
      steps.put("restart replication of an unrelated stream 2", restart(2));
      steps.put("terminate stream 1", silent(() -> storage(1).terminate(true, () -> false)));
      steps.put("clear stream 2", silent(() -> storage(2).clear(() -> false)));
      return steps;
    }

    private static Step silent(Runnable action) {
      return () -> {
        action.run();
        return null;
      };
    }

    private Step restart(int stream) {
      return silent(() -> provider.restartReplication(new GroupId(stream)));
    }

    private JsonNode configure(String text) {
      boolean changed = provider.configure(Deployment.of(text)).changed();
      return JsonNodeFactory.instance.objectNode().put("updated", changed);
    }

    private JsonNode commit(int stream, String position, boolean createEmpty) {
      BucketWriter.CommitResult result = writer(stream).commit(new Lsn(position), createEmpty);
      return JsonNodeFactory.instance
          .objectNode()
          .put("checkpointBlocked", result.blocked())
          .put("checkpointCreated", result.created());
    }

    private BucketWriter writer(int stream) {
      return writersByStream.computeIfAbsent(
          stream, id -> storage(id).writer(WriterOptions.streaming()));
    }

    private BucketStorage storage(int stream) {
      return provider.storage(
          new ReplicationStream(
              new GroupId(stream),
              "test_" + stream,
              StreamState.PROCESSING,
              2,
              "any",
              Optional.empty()));
    }
  }
}
