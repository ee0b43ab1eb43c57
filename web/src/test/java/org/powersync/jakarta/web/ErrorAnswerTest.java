package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.InvalidRequestException;

class ErrorAnswerTest {
  @Test
  void invalidRequestsNameEveryProblem() {
    ErrorAnswer answer =
        ErrorAnswer.of(new InvalidRequestException(List.of("/a: type must be \"b\"", "c")));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error())
        .containsEntry("code", "PSYNC_S2001")
        .containsEntry("status", 400)
        .containsEntry("name", "ValidationError")
        .containsEntry("details", "[\"/a: type must be \\\"b\\\"\",\"c\"]");
  }

  @Test
  void authorizationFailuresGiveCodeAndTextOnly() {
    ErrorAnswer answer =
        ErrorAnswer.of(
            new PowerSyncException(ErrorCode.PSYNC_S2105, "Unexpected audience")
                .with("audience", "x"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.error())
        .containsEntry("description", "Unexpected audience")
        .containsEntry("name", "AuthorizationError")
        .doesNotContainKey("details");
  }

  @Tag("http-error-before-data")
  @Test
  void internalErrorsGiveAReferenceOnly() {
    ErrorAnswer answer = ErrorAnswer.of(new IllegalStateException("secret"));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.error())
        .containsEntry("code", "PSYNC_S2001")
        .containsEntry("name", "InternalServerError");
    assertThat(answer.error().toString()).doesNotContain("secret").contains("reference ");
  }

  @Test
  void limitsAreExplainedWithTheirFigures() {
    ErrorAnswer answer =
        ErrorAnswer.of(
            new CompletionException(
                new PowerSyncException(ErrorCode.PSYNC_S2305, "Too many buckets")
                    .with("buckets", 60)
                    .with("limit", 50)));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.error())
        .containsEntry("code", "PSYNC_S2305")
        .containsEntry("description", "Too many buckets (buckets=60, limit=50)");
  }

  @ParameterizedTest
  @EnumSource
  void everyCodeIsAnsweredWithItsStatus(ErrorCode code) {
    ErrorAnswer answer = ErrorAnswer.of(new PowerSyncException(code, "Text"));

    assertThat(answer.status()).isEqualTo(code.httpStatus());
    assertThat(answer.error())
        .containsEntry("code", code.name())
        .containsEntry("status", code.httpStatus())
        .containsKeys("description", "name")
        .doesNotContainKey("stack");
  }

  @Test
  void aTooLargeBodyIsTheCallersMistake() {
    ErrorAnswer answer =
        ErrorAnswer.of(
            new PowerSyncException(ErrorCode.PSYNC_S2001, 413, "The body is too large", null));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).containsEntry("status", 413);
  }
}
