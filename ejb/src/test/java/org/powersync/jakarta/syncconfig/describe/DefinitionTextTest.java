package org.powersync.jakarta.syncconfig.describe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.TablePattern;

class DefinitionTextTest {
  @Test
  void describesQueriesAsWritten() {
    String yaml =
        """
        bucket_definitions:
          all:
            data:
              - SELECT id, a AS b, upper(c) FROM lists
          mine:
            parameters:
              - SELECT request.user_id() AS owner
              - SELECT owner FROM members WHERE user_id = request.user_id()
            data:
              - SELECT * FROM "x.tenant"."log_%" AS logs WHERE owner = bucket.owner
        """;
    assertThat(DefinitionText.of(yaml, "public"))
        .containsExactly(
            new DefinitionText(
                "all",
                List.of(),
                List.of("SELECT"),
                List.of(),
                List.of(
                    new DefinitionText.Data(
                        "SELECT id, a AS b, upper(c) FROM lists",
                        new TablePattern("default", "public", "lists"),
                        "lists",
                        List.of("id", "b")))),
            new DefinitionText(
                "mine",
                List.of("owner"),
                List.of("SELECT request.user_id() AS owner"),
                List.of("SELECT owner FROM members WHERE user_id = request.user_id()"),
                List.of(
                    new DefinitionText.Data(
                        "SELECT * FROM \"x.tenant\".\"log_%\" AS logs WHERE owner = bucket.owner",
                        new TablePattern("x", "tenant", "log_%"), "logs", List.of("*")))));
  }

  @Test
  void hasNothingToSayAboutOtherTexts() {
    for (String text : List.of("", "a: [", "config: {edition: 3}\nstreams: {}")) {
      assertThat(DefinitionText.of(text, "public")).isEmpty();
    }
  }
}
