package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.ScenarioState;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** {@code scenario-parameters-v3.json}: parameter rows, and look-ups at three checkpoints. */
public final class ParameterScenarioVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageCase c = new StorageCase(3, file.get("sync_config").asText()).done("1/1")) {
      SourceTable test = c.table("test");
      Map<String, Runnable> steps = new LinkedHashMap<>();
      steps.put(
          "insert t1 (user1,user2,group1a) and t2 (user3,null,integer 7); commit 1/1",
          () -> {
            c.save(
                insert(
                    test, row("id", "t1", "id1", "user1", "id2", "user2", "group_id", "group1a")),
                insert(
                    test, row("id", "t2", "id1", "user3", "id2", SqlValue.NULL, "group_id", 7L)));
            c.commit("1/1");
          });
      steps.put(
          "update t1 (user1,user9,group1b); commit 2/1",
          () -> {
            c.save(
                update(
                    test, row("id", "t1", "id1", "user1", "id2", "user9", "group_id", "group1b")));
            c.commit("2/1");
          });
      steps.put(
          "delete t1; commit 3/1",
          () -> {
            c.save(delete(test, "t1"));
            c.commit("3/1");
          });
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        if (!steps.containsKey(name)) {
          tally.notSupported("parameters, " + name, "unknown step");
          continue;
        }
        tally.check(
            "parameters, " + name,
            () -> {
              steps.get(name).run();
              ScenarioState.check(c::rows, 3, step.get("state"));
            });
      }
      for (JsonNode query : file.get("queries")) {
        tally.check(
            "parameters at " + query.get("checkpoint") + " " + query.get("lookups"),
            () -> assertThat(answers(c, query)).isEqualTo(expected(query)));
      }
    }
  }

  private static Map<Integer, JsonNode> expected(JsonNode query) {
    Map<Integer, JsonNode> expected = new LinkedHashMap<>();
    query
        .get("result")
        .forEach(one -> expected.put(one.get("lookup_index").asInt(), one.get("rows")));
    return expected;
  }

  private static Map<Integer, JsonNode> answers(StorageCase c, JsonNode query) {
    List<ParameterLookup> lookups = new ArrayList<>();
    for (JsonNode user : query.get("lookups")) {
      lookups.add(new ParameterLookup("mybucket", "1", List.of(SqlValue.of(user.asText()))));
    }
    Map<ParameterLookup, List<OutputRow>> found =
        c.reader().lookups(new OpId(query.get("checkpoint").asLong()), lookups, 1000);
    Map<Integer, JsonNode> answers = new LinkedHashMap<>();
    for (int i = 0; i < lookups.size(); i++) {
      if (found.containsKey(lookups.get(i))) {
        answers.put(i, rows(found.get(lookups.get(i))));
      }
    }
    return answers;
  }

  /** Rows in the notation of the file: texts as they are, integers tagged. */
  private static JsonNode rows(List<OutputRow> rows) {
    ObjectMapper mapper = new ObjectMapper();
    var array = mapper.createArrayNode();
    for (OutputRow row : rows) {
      var node = array.addObject();
      for (int i = 0; i < row.names().size(); i++) {
        SqlValue value = row.values().get(i);
        if (value instanceof SqlValue.Text text) {
          node.put(row.names().get(i), text.value());
        } else {
          node.putObject(row.names().get(i))
              .put("integer", Long.toString(((SqlValue.Int) value).value()));
        }
      }
    }
    return array;
  }
}
