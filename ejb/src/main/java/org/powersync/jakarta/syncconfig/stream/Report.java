package org.powersync.jakarta.syncconfig.stream;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.Place;

/**
 * Messages of the compiler. A common table expression is compiled for each use; what it has to say
 * about one place is said once.
 */
final class Report {
  private final Messages messages;
  private final Set<Said> said = new HashSet<>();
  private int fatal;

  private record Said(String about, Place place) {}

  Report(Messages messages) {
    this.messages = messages;
  }

  Messages messages() {
    return messages;
  }

  void fatal(String about, String text, Origin origin) {
    fatal(about, text, origin.sql().place(origin.span()));
  }

  void fatal(String about, String text, Place place) {
    fatal++;
    if (said.add(new Said(about, place))) {
      messages.fatal(about, text, place);
    }
  }

  void warning(String about, String text, Origin origin) {
    warning(about, text, origin.sql().place(origin.span()));
  }

  void warning(String about, String text, Place place) {
    if (said.add(new Said(about, place))) {
      messages.warning(about, text, place);
    }
  }

  /** A fatal message, and what stands for the expression it is about. */
  <T> Optional<T> broken(String about, String text, Origin origin) {
    fatal(about, text, origin);
    return Optional.empty();
  }

  /** How many fatal messages there were, repetitions included. */
  int fatalCount() {
    return fatal;
  }
}
