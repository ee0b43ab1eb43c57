package org.powersync.jakarta.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.diagnostics.ConfigDeployments;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.InvalidRequestException;

/**
 * A failure as a client sees it (sync API section 1.4). What went wrong inside stays in the log,
 * under the reference that the client gets (decision A11).
 *
 * @param status the HTTP status
 * @param error the document's {@code error} member
 */
record ErrorAnswer(int status, Map<String, Object> error) {
  private static final Logger LOG = Logger.getLogger(ErrorAnswer.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No such path, or not with this method. */
  static ErrorAnswer routeNotFound() {
    Map<String, Object> error =
        error(ErrorCode.PSYNC_S2002, 404, "RouteNotFound", "The path does not exist");
    error.put("severity", "info");
    return new ErrorAnswer(404, error);
  }

  /** The answer to a failure; logs it where a client cannot be blamed. */
  static ErrorAnswer of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof InvalidRequestException invalid) {
      Map<String, Object> error =
          error(invalid.code(), invalid.httpStatus(), "ValidationError", invalid.text());
      error.put("details", json(invalid.problems()));
      return new ErrorAnswer(invalid.httpStatus(), error);
    }
    if (cause instanceof PowerSyncException known) {
      return of(known);
    }
    return internal(ErrorCode.PSYNC_S2001, 500, cause);
  }

  /** The same as one text, for transports without documents: code, description, details. */
  String text() {
    Object details = error.get("details");
    return "["
        + error.get("code")
        + "] "
        + error.get("description")
        + (details == null ? "" : "\n" + details);
  }

  private static ErrorAnswer of(PowerSyncException failure) {
    int status = failure.httpStatus();
    if (status == 401) {
      LOG.log(Level.INFO, "Authorization failed: {0}", failure.getMessage());
      return new ErrorAnswer(
          status, error(failure.code(), status, "AuthorizationError", failure.text()));
    }
    return switch (failure.code()) {
      case PSYNC_S2001, PSYNC_S0001 ->
          status < 500
              ? new ErrorAnswer(
                  status, error(failure.code(), status, "RequestError", withContext(failure)))
              : internal(failure.code(), status, failure);
      case PSYNC_S2305 -> {
        LOG.log(Level.WARNING, "{0}", failure.getMessage());
        yield new ErrorAnswer(
            status, error(failure.code(), status, "ServiceError", withContext(failure)));
      }
      default -> {
        // A stack is of use only where something unforeseen is behind it.
        Level level = status < 500 ? Level.FINE : Level.WARNING;
        LOG.log(level, failure.getCause(), failure::getMessage);
        Map<String, Object> error = error(failure.code(), status, "ServiceError", failure.text());
        if (failure.context().get(ConfigDeployments.DETAILS) instanceof String details) {
          error.put("details", details);
        }
        yield new ErrorAnswer(status, error);
      }
    };
  }

  private static ErrorAnswer internal(ErrorCode code, int status, Throwable failure) {
    String reference = UUID.randomUUID().toString();
    LOG.log(Level.SEVERE, failure, () -> "Internal error, reference " + reference);
    Map<String, Object> error = error(code, status, "InternalServerError", "Something went wrong");
    error.put("details", "reference " + reference);
    error.put("severity", "error");
    return new ErrorAnswer(status, error);
  }

  private static String withContext(PowerSyncException failure) {
    return failure.getMessage().substring(failure.getMessage().indexOf("] ") + 2);
  }

  private static Map<String, Object> error(
      ErrorCode code, int status, String name, String description) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code.name());
    error.put("status", status);
    error.put("description", description);
    error.put("name", name);
    return error;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not representable as JSON", e);
    }
  }
}
