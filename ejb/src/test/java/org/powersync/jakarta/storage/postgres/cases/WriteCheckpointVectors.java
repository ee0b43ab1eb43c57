package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.CustomWriteCheckpoint;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints.Request;
import org.powersync.jakarta.storage.WriteCheckpoints.Result;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/**
 * {@code scenario-write-checkpoints.json}. Decision A12 is the difference to the recording: of two
 * custom ones of the same user in one flush the last is kept, where the reference fails.
 */
public final class WriteCheckpointVectors implements VectorFile {
  private static final String MANAGED =
      """
      SELECT user_id, lsns, write_checkpoint,
             CASE WHEN checkpoint_requested_at IS NOT NULL THEN '<timestamp>' END
               AS checkpoint_requested_at
        FROM powersync.write_checkpoints ORDER BY user_id""";
  private static final String CUSTOM =
      """
      SELECT user_id, write_checkpoint, sync_rules_id,
             CASE WHEN checkpoint_requested_at IS NOT NULL THEN '<timestamp>' END
               AS checkpoint_requested_at
        FROM powersync.custom_write_checkpoints ORDER BY user_id""";
  private static final String TWICE = "custom: the same user twice in one flush (7 then 8)";

  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageCase c = new StorageCase(2, StorageCase.E)) {
      Map<String, Supplier<Result>> steps = steps(c);
      for (JsonNode step : file.get("steps")) {
        String name = step.get("step").asText();
        if (!steps.containsKey(name)) {
          tally.notSupported("write checkpoints, " + name, "unknown step");
        } else if (!name.equals(TWICE)) {
          tally.check("write checkpoints, " + name, () -> step(c, step, steps.get(name).get()));
        }
      }
      lookups(c, file, tally);
      tally.check(
          "write checkpoints, " + TWICE,
          () -> {
            steps.get(TWICE).get();
            assertThat(custom(c, "c1")).isEqualTo("8");
          });
      tally.check(
          "write checkpoints, managed in custom mode",
          () -> {
            PowerSyncException failure =
                catchThrowableOfType(
                    PowerSyncException.class,
                    () ->
                        c.storage()
                            .customWriteCheckpoints()
                            .create(List.of(generated("u", "1/0"))));
            JsonNode expected = file.get("managed_create_in_custom_mode");
            assertThat(failure.code()).hasToString(expected.get("code").asText());
            assertThat(failure.httpStatus()).isEqualTo(expected.get("status").asInt());
          });
    }
  }

  private static void step(StorageCase c, JsonNode step, Result result) {
    if (result != null) {
      Map<String, String> expected = new TreeMap<>();
      step.at("/result/checkpoints")
          .forEach(pair -> expected.put(pair.get(0).asText(), pair.get(1).asText()));
      Map<String, String> numbers = new TreeMap<>();
      result.numbers().forEach((user, number) -> numbers.put(user, number.toString()));
      assertThat(numbers).isEqualTo(expected);
      assertThat(result.shouldAdvance()).isEqualTo(step.at("/result/shouldAdvance").asBoolean());
    }
    assertThat(c.rows(MANAGED)).containsExactlyElementsOf(step.get("write_checkpoints"));
    assertThat(c.rows(CUSTOM)).containsExactlyElementsOf(step.get("custom_write_checkpoints"));
  }

  private static void lookups(StorageCase c, JsonNode file, VectorTally tally) {
    for (JsonNode one : file.get("managed_lookups")) {
      tally.check(
          "write checkpoints, managed look-up " + one,
          () -> {
            String user = one.get("user_id").asText();
            String head = one.get("head").isNull() ? null : one.get("head").asText();
            Long number = c.writeCheckpoints(user, head).get(user);
            assertThat(String.valueOf(number)).isEqualTo(one.get("result").asText());
          });
    }
    for (JsonNode one : file.get("custom_lookups")) {
      tally.check(
          "write checkpoints, custom look-up " + one,
          () ->
              assertThat(custom(c, one.get("user_id").asText()))
                  .isEqualTo(one.get("result").asText()));
    }
  }

  private static String custom(StorageCase c, String user) {
    return String.valueOf(
        c.storage().customWriteCheckpoints().effective(List.of(user), Optional.empty()).get(user));
  }

  private static Map<String, Supplier<Result>> steps(StorageCase c) {
    Map<String, Supplier<Result>> steps = new LinkedHashMap<>();
    steps.put("empty batch", () -> create(c));
    steps.put(
        "generated for u1/c1 at 5/0, generated for u2 at 5/0",
        () -> create(c, generated("u1/c1", "5/0"), generated("u2", "5/0")));
    steps.put(
        "generated for u1/c1 at 6/0 twice in one batch (6/0 then 7/0)",
        () -> create(c, generated("u1/c1", "6/0"), generated("u1/c1", "7/0")));
    steps.put("supplied 42 for u3 at 5/0", () -> create(c, supplied("u3", "5/0", 42)));
    steps.put("supplied 41 for u3 at 8/0 (stale)", () -> create(c, supplied("u3", "8/0", 41)));
    steps.put("supplied 42 for u3 at 8/0 (equal)", () -> create(c, supplied("u3", "8/0", 42)));
    steps.put(
        "supplied 44, 43 for u3 at 8/0, 9/0 in one batch",
        () -> create(c, supplied("u3", "8/0", 44), supplied("u3", "9/0", 43)));
    steps.put("generated for u3 at 10/0", () -> create(c, generated("u3", "10/0")));
    steps.put(
        "mixed: generated then supplied 99 for u2 at 11/0",
        () -> create(c, generated("u2", "11/0"), supplied("u2", "11/0", 99)));
    steps.put(
        "custom: c1=5, c2=6 requested at 2024-01-01; before flush",
        () -> {
          save(c, "c1", 5);
          c.writer()
              .save(
                  new CustomWriteCheckpoint(
                      "c2", 6, Optional.of(Instant.parse("2024-01-01T00:00:00Z"))));
          return null;
        });
    steps.put("after flush", () -> flush(c));
    steps.put(
        "custom: c1=3 (lower overwrites)",
        () -> {
          save(c, "c1", 3);
          return flush(c);
        });
    steps.put(
        TWICE,
        () -> {
          save(c, "c1", 7);
          save(c, "c1", 8);
          return flush(c);
        });
    return steps;
  }

  private static void save(StorageCase c, String user, long number) {
    c.writer().save(new CustomWriteCheckpoint(user, number, Optional.empty()));
  }

  private static Result flush(StorageCase c) {
    c.flush();
    return null;
  }

  private static Result create(StorageCase c, Request... requests) {
    return c.provider().writeCheckpoints().create(List.of(requests));
  }

  private static Request generated(String user, String head) {
    return new Request(user, new Lsn(head), OptionalLong.empty());
  }

  private static Request supplied(String user, String head, long number) {
    return new Request(user, new Lsn(head), OptionalLong.of(number));
  }
}
