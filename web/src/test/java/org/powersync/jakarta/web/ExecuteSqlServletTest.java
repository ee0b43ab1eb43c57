package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.sync.InvalidRequestException;

/** Which requests are refused before anybody is authorized. */
class ExecuteSqlServletTest {
  private static Map<String, Object> parameters(String body) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    RequestParameters.overlayBody(
        parameters, "application/json", body.getBytes(StandardCharsets.UTF_8));
    return parameters;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sql\": {\"query\": \"SELECT 1\", \"args\": []}}",
        "{\"connection_id\": \"a\", \"sql\": {\"query\": \"x\", \"args\": [\"a\", 1, 1.5, true]}}"
      })
  void acceptsItsShape(String body) {
    assertThat(new ExecuteSqlServlet().prepare(null, parameters(body))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|sql",
        "{\"sql\": null}|/sql",
        "{\"sql\": \"SELECT 1\"}|/sql",
        "{\"sql\": {\"args\": []}}|query",
        "{\"sql\": {\"query\": 5, \"args\": []}}|/sql/query",
        "{\"sql\": {\"query\": \"x\"}}|args",
        "{\"sql\": {\"query\": \"x\", \"args\": {}}}|/sql/args",
        "{\"sql\": {\"query\": \"x\", \"args\": [[]]}}|/sql/args/0",
        "{\"connection_id\": 5, \"sql\": {\"query\": \"x\", \"args\": []}}|/connection_id"
      })
  void refusesOtherShapes(String body, String named) {
    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> new ExecuteSqlServlet().prepare(null, parameters(body)));
    assertThat(refusal).isNotNull();
    assertThat(refusal.problems().toString()).contains(named);
  }

  @Test
  void refusesASyncConfigThatIsMissing() {
    for (String body : new String[] {"{}", "{\"sync_rules\": null}", "{\"sync_rules\": 5}"}) {
      assertThat(
              catchThrowableOfType(
                  InvalidRequestException.class,
                  () -> new AdminValidateServlet().prepare(null, parameters(body))))
          .isNotNull();
    }
  }
}
