package org.powersync.jakarta.auth;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The token in an {@code Authorization} header (sync API section 6.1). */
public final class AuthorizationHeader {
  private static final Pattern FORM = Pattern.compile("(?:Token|Bearer) (\\S+)");

  private AuthorizationHeader() {}

  /**
   * The token; empty if the header is missing or has another form.
   *
   * @param header as it came, or null
   */
  public static Optional<String> token(String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(header);
    return form.matches() ? Optional.of(form.group(1)) : Optional.empty();
  }
}
