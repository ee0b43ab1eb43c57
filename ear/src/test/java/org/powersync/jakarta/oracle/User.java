package org.powersync.jakarta.oracle;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody who syncs.
 *
 * @param id in tokens and rows
 * @param kinds what the user subscribes with
 */
record User(String id, List<Integer> kinds) {
  static final List<User> ALL =
      List.of(
          new User("u1", List.of(1)),
          new User("u2", List.of(2, 3)),
          new User("u3", List.of(4)),
          new User("u4", List.of(1, 5)));

  String kindsText() {
    return kinds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** The {@code streams} member of a request. */
  String subscriptions(List<GeneratedConfig> configs) {
    return configs.stream()
        .flatMap(config -> config.rules().stream())
        .filter(Rule::subscribed)
        .flatMap(
            rule ->
                kinds.stream()
                    .map(
                        kind ->
                            "{\"stream\": \"%s\", \"parameters\": {\"kind\": %d}, \"override_priority\": null}"
                                .formatted(rule.name(), kind)))
        .collect(Collectors.joining(", ", "{\"subscriptions\": [", "]}"));
  }
}
