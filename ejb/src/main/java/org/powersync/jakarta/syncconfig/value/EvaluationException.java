package org.powersync.jakarta.syncconfig.value;

/**
 * A value that an expression cannot be evaluated with (run-time codes of sync config section 13).
 * Without stack trace: it tells about data, not about code, and may occur for every row.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String about;

  /**
   * @param about the code, such as {@code invalid-json}
   * @param text for the operator, without row data
   */
  public EvaluationException(String about, String text) {
    super(text, null, false, false);
    this.about = about;
  }

  public String about() {
    return about;
  }
}
