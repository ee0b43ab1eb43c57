package org.powersync.jakarta.replication.postgres.type;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.pgoutput.RowIdentity;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Every type vector, through a query and through the replication stream of a real server.
 *
 * <p>A vector passes when all its option sets pass on both paths. It counts as not supported when
 * this server cannot hold it (an extension is missing) or prints another text than the server the
 * vectors were made on; the log says which. The text of the vector must still decode as expected.
 */
class PgTypeVectorsIT {
  private static final Logger LOG = Logger.getLogger(PgTypeVectorsIT.class.getName());

  private final List<String> failures = new ArrayList<>();
  private final List<String> unsupported = new ArrayList<>();
  private int passed;

  @Tag("TYP-08")
  @Test
  @Timeout(300)
  void decodesEveryVectorOnBothPaths() throws Exception {
    List<JsonNode> groups = groups();
    try (TypeVectorSource source =
        new TypeVectorSource(TestPostgres.shared().createDatabase("types"))) {
      for (int i = 0; i < groups.size(); i++) {
        load(source, i, groups.get(i));
      }
      source.readStream();
      for (int i = 0; i < groups.size(); i++) {
        for (JsonNode vector : groups.get(i).get("vectors")) {
          if (vector.has("uuid")) {
            checkIdentity(vector);
          } else if (source.holds(i, vector.get("id").asText())) {
            check(source, i, new TypeVector(vector));
          }
        }
      }
    }
    unsupported.forEach(reason -> LOG.info("not supported: " + reason));
    System.out.printf(
        "vectors: %d passed, %d failed, %d not supported%n",
        passed, failures.size(), unsupported.size());
    assertThat(failures).isEmpty();
    assertThat(passed).isPositive();
  }

  private static List<JsonNode> groups() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> groups = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("vectors.pgTypes")))) {
      for (Path file : files.sorted().filter(f -> f.toString().endsWith(".json")).toList()) {
        groups.add(mapper.readTree(file.toFile()));
      }
    }
    return groups;
  }

  private void load(TypeVectorSource source, int group, JsonNode file) {
    if (!file.has("type")) {
      return;
    }
    List<String> setup = new ArrayList<>();
    file.path("setup").forEach(sql -> setup.add(sql.asText()));
    try {
      source.create(group, file.get("type").asText(), setup);
    } catch (SQLException e) {
      file.get("vectors")
          .forEach(vector -> unsupported.add(vector.get("id").asText() + ": " + e.getMessage()));
      return;
    }
    for (JsonNode node : file.get("vectors")) {
      TypeVector vector = new TypeVector(node);
      try {
        source.insert(group, vector);
      } catch (SQLException e) {
        unsupported.add(vector.id() + ": " + e.getMessage());
      }
    }
  }

  private void check(TypeVectorSource source, int group, TypeVector vector) throws SQLException {
    List<String> problems = new ArrayList<>();
    boolean sameText = true;
    for (ReadPath path : ReadPath.values()) {
      String text = source.text(group, vector.id(), path);
      sameText &= Objects.equals(text, vector.text());
      for (Map.Entry<String, JsonNode> expectation : vector.expectations(path).entrySet()) {
        String options = expectation.getKey();
        String problem =
            problem(source, group, vector, path, options, expectation.getValue(), vector.text());
        if (problem != null) {
          problems.add(
              vector.id() + " " + path + " " + options + " '" + vector.text() + "': " + problem);
        }
      }
    }
    if (!problems.isEmpty()) {
      failures.addAll(problems.subList(0, 1));
    } else if (sameText) {
      passed++;
    } else {
      unsupported.add(vector.id() + ": this server prints another text");
    }
  }

  private static String problem(
      TypeVectorSource source,
      int group,
      TypeVector vector,
      ReadPath path,
      String options,
      JsonNode expected,
      String text)
      throws SQLException {
    Compatibility compatibility = TypeVector.compatibility(options);
    SqlValue actual;
    try {
      actual = source.decode(group, vector.id(), path, compatibility, text);
    } catch (PowerSyncException e) {
      return expected.has("error") ? null : "expected " + expected + ", failed with " + e;
    }
    return vector.mismatch(expected, compatibility, actual);
  }

  private void checkIdentity(JsonNode vector) {
    List<String> columns = new ArrayList<>();
    vector.get("columns").forEach(column -> columns.add(column.asText()));
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : vector.get("row").properties()) {
      names.add(member.getKey());
      values.add(TypeVector.value(member.getValue()));
    }
    UUID uuid = RowIdentity.of(SourceRow.of(names, values), columns);
    if (uuid.toString().equals(vector.get("uuid").asText())) {
      passed++;
    } else {
      failures.add(vector.get("id").asText() + ": " + uuid);
    }
  }
}
