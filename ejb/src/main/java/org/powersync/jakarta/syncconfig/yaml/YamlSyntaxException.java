package org.powersync.jakarta.syncconfig.yaml;

/** A text is no usable YAML: message {@code yaml-syntax}. */
final class YamlSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Place place;

  YamlSyntaxException(String message, Place place) {
    super(message, null, false, false);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
