package org.powersync.jakarta.connection.document;

import java.util.Base64;
import java.util.Optional;

/**
 * Base64 as it comes in environment variables: of either alphabet, with or without padding, broken
 * into lines or not.
 */
public final class Base64Text {
  private Base64Text() {}

  /** The bytes; empty if the text is not Base64. */
  public static Optional<byte[]> decode(String text) {
    String joined = text.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
    try {
      return Optional.of(Base64.getDecoder().decode(joined));
    } catch (IllegalArgumentException e) {
      // Its text quotes the input.
      return Optional.empty();
    }
  }
}
