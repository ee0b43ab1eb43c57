package org.powersync.jakarta.oracle;

import java.util.List;
import java.util.stream.Collectors;

/** A sync config, and what each user shall see under it. */
record GeneratedConfig(int edition, int storageVersion, List<Rule> rules) {

  /** The document. */
  String yaml() {
    StringBuilder text = new StringBuilder();
    text.append("config:\n  edition: ").append(edition).append('\n');
    text.append("  storage_version: ").append(storageVersion).append('\n');
    section(text, "bucket_definitions", false);
    section(text, "streams", true);
    return text.toString();
  }

  private void section(StringBuilder text, String title, boolean streams) {
    List<Rule> of = rules.stream().filter(rule -> isStream(rule) == streams).toList();
    if (of.isEmpty()) {
      return;
    }
    text.append(title).append(":\n");
    for (Rule rule : of) {
      text.append("  ").append(rule.name()).append(":\n");
      rule.yaml().forEach(line -> text.append("    ").append(line).append('\n'));
    }
  }

  private static boolean isStream(Rule rule) {
    return rule.yaml().stream().anyMatch(line -> line.startsWith("query:"));
  }

  /** SQL for the source: {@code rule, id, row} of all that this user shall see. */
  String expected(User user) {
    return rules.stream()
        .map(Rule::expected)
        .collect(Collectors.joining(" UNION "))
        .replace("$USER", "'" + user.id() + "'")
        .replace("$KINDS", user.kindsText());
  }
}
