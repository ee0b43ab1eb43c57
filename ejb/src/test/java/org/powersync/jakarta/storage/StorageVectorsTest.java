package org.powersync.jakarta.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.cases.ChunkingVectors;
import org.powersync.jakarta.storage.postgres.cases.ParameterScenarioVectors;
import org.powersync.jakarta.storage.postgres.cases.StreamScenarioVectors;
import org.powersync.jakarta.storage.postgres.cases.WriteCheckpointVectors;
import org.powersync.jakarta.storage.postgres.compact.CompactionVectors;
import org.powersync.jakarta.storage.postgres.report.ReportVectors;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;
import org.powersync.jakarta.storage.postgres.write.WriteScenarioVectors;
import org.powersync.jakarta.storage.postgres.write.WriterEdgeVectors;
import org.powersync.jakarta.storage.vector.BucketNameVectors;
import org.powersync.jakarta.storage.vector.ChecksumVectors;
import org.powersync.jakarta.storage.vector.CurrentDataRowVectors;
import org.powersync.jakarta.storage.vector.LifecycleVectors;
import org.powersync.jakarta.storage.vector.LsnVectors;
import org.powersync.jakarta.storage.vector.MiscVectors;
import org.powersync.jakarta.storage.vector.ParameterLookupVectors;
import org.powersync.jakarta.storage.vector.ReplicaIdVectors;
import org.powersync.jakarta.storage.vector.RowIdentityVectors;
import org.powersync.jakarta.storage.vector.RowJsonVectors;
import org.powersync.jakarta.storage.vector.SourceTableVectors;
import org.powersync.jakarta.storage.vector.ToastMergeVectors;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/**
 * Runs every vector file of the directory in system property {@code vectors.storage} and prints one
 * line with the counts. Files nobody registered for count as not supported.
 */
class StorageVectorsTest {
  private static final Map<String, VectorFile> KINDS =
      Map.ofEntries(
          Map.entry("bucket-name.json", new BucketNameVectors()),
          Map.entry("checksum.json", new ChecksumVectors()),
          Map.entry("chunking.json", new ChunkingVectors()),
          Map.entry("current-data-row.json", new CurrentDataRowVectors()),
          Map.entry("lsn-compare.json", new LsnVectors()),
          Map.entry("misc.json", new MiscVectors()),
          Map.entry("parameter-lookup.json", new ParameterLookupVectors()),
          Map.entry("replica-id.json", new ReplicaIdVectors()),
          Map.entry("row-identity-uuid.json", new RowIdentityVectors()),
          Map.entry("row-json.json", new RowJsonVectors()),
          Map.entry("scenario-compaction.json", new CompactionVectors()),
          Map.entry(
              "scenario-lifecycle.json",
              new LifecycleVectors(
                  (target, options) ->
                      new PostgresBucketWriter(
                          target, options, BatchLimits.DEFAULT, Runnable::run))),
          Map.entry("scenario-parameters-v3.json", new ParameterScenarioVectors()),
          Map.entry("scenario-reports.json", new ReportVectors()),
          Map.entry("scenario-source-tables.json", new SourceTableVectors()),
          Map.entry("scenario-streams.json", new StreamScenarioVectors()),
          Map.entry("scenario-write-checkpoints.json", new WriteCheckpointVectors()),
          Map.entry("scenario-writer-edges.json", new WriterEdgeVectors()),
          Map.entry("scenario-writes-v1.json", new WriteScenarioVectors(1)),
          Map.entry("scenario-writes-v2.json", new WriteScenarioVectors(2)),
          Map.entry("scenario-writes-v3.json", new WriteScenarioVectors(3)),
          Map.entry("toast-merge.json", new ToastMergeVectors()));

  @Test
  void storedFormsAndScenariosAreThoseOfTheReference() throws IOException {
    VectorTally tally = new VectorTally();
    ObjectMapper mapper = new ObjectMapper();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      VectorFile kind = KINDS.get(name);
      if (kind == null) {
        tally.notSupported(name, "no check for this kind of file");
      } else {
        try {
          kind.check(mapper.readTree(file.toFile()), tally);
        } catch (Exception e) {
          tally.check(
              name,
              () -> {
                throw e;
              });
        }
      }
    }
    System.out.println(tally.summary());
    tally.unsupported().forEach(System.out::println);
    assertThat(tally.failures()).isEmpty();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.storage")))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
