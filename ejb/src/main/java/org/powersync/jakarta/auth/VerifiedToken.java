package org.powersync.jakarta.auth;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a user's token says, after everything about it was checked.
 *
 * @param claims the payload as plain Java: {@link Map} in document order, {@link java.util.List},
 *     {@link String}, {@link Double} for every number, {@link Boolean} and null. Unmodifiable
 * @param expires the claim {@code exp}
 */
public record VerifiedToken(Map<String, Object> claims, Instant expires) {
  public VerifiedToken {
    claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /** The claim {@code sub}: any JSON value, null included. */
  public Object subject() {
    return claims.get("sub");
  }

  /** Claims belong to a person and are not for logs. */
  @Override
  public String toString() {
    return "VerifiedToken[expires=" + expires + "]";
  }
}
