package org.powersync.jakarta.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A failure with its contractual code, a constant text and the values that belong to it.
 *
 * <p>The text is the same for every occurrence, so that logs can be grouped by it; what varies goes
 * into the context. Neither may hold a password, a token or row data. Prints as {@code [CODE] text
 * (key=value, …)}.
 */
public class PowerSyncException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int httpStatus;
  private final String text;
  private final transient Map<String, Object> context = new LinkedHashMap<>();

  public PowerSyncException(ErrorCode code, String text) {
    this(code, text, null);
  }

  public PowerSyncException(ErrorCode code, String text, Throwable cause) {
    this(code, code.httpStatus(), text, cause);
  }

  /** For routes that answer a code with another status than its usual one. */
  public PowerSyncException(ErrorCode code, int httpStatus, String text, Throwable cause) {
    super(text, cause);
    this.code = code;
    this.httpStatus = httpStatus;
    this.text = text;
  }

  /** Adds one value to the context and returns this exception, to be chained before a throw. */
  public PowerSyncException with(String key, Object value) {
    context.put(key, value);
    return this;
  }

  public ErrorCode code() {
    return code;
  }

  /** What may be done about it: what its code says, unless the occurrence is known better. */
  public FailureClass failureClass() {
    return code.failureClass();
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** The constant text, without code and context. */
  public String text() {
    return text;
  }

  /** The values of this occurrence, in the order they were added; unmodifiable. */
  public Map<String, Object> context() {
    return Collections.unmodifiableMap(context);
  }

  @Override
  public String getMessage() {
    StringBuilder out = new StringBuilder("[").append(code).append("] ").append(text);
    String separator = " (";
    for (Map.Entry<String, Object> entry : context.entrySet()) {
      out.append(separator).append(entry.getKey()).append('=').append(entry.getValue());
      separator = ", ";
    }
    return context.isEmpty() ? out.toString() : out.append(')').toString();
  }
}
