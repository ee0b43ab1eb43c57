package org.powersync.jakarta.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * The command {@code compact} (configuration section 12): {@code -b, --buckets <list>}, {@code -p,
 * --parameter-indexes}, {@code --no-parameter-indexes}, {@code --incremental-only}.
 *
 * @param buckets full names; an empty list means no bucket compaction
 * @param parameters whether parameter history is compacted
 */
public record CompactCommand(
    Optional<List<BucketName>> buckets, boolean parameters, boolean incrementalOnly) {
  public CompactCommand {
    buckets = buckets.map(List::copyOf);
  }

  /**
   * Reads the arguments behind the command's name. Throws {@link IllegalArgumentException} with a
   * message for the operator.
   */
  public static CompactCommand parse(List<String> arguments) {
    Optional<List<BucketName>> buckets = Optional.empty();
    Optional<Boolean> parameters = Optional.empty();
    boolean incrementalOnly = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "-b", "--buckets" -> {
          if (++i == arguments.size()) {
            throw new IllegalArgumentException(argument + " needs a list of bucket names");
          }
          buckets = Optional.of(names(arguments.get(i)));
        }
        case "-p", "--parameter-indexes" -> parameters = Optional.of(true);
        case "--no-parameter-indexes" -> parameters = Optional.of(false);
        case "--incremental-only" -> incrementalOnly = true;
        default -> {
          if (!argument.startsWith("--buckets=")) {
            throw new IllegalArgumentException("compact has no option " + argument);
          }
          buckets = Optional.of(names(argument.substring("--buckets=".length())));
        }
      }
    }
    return new CompactCommand(buckets, parameters.orElse(buckets.isEmpty()), incrementalOnly);
  }

  /**
   * Compacts every replicating stream, as far as its state allows.
   *
   * @param requestRetention age at which client-requested write checkpoints are removed
   */
  public Map<GroupId, CompactionReport> run(
      BucketStorageProvider provider,
      Compaction compaction,
      Duration requestRetention,
      BooleanSupplier aborted) {
    CompactionOptions options =
        CompactionOptions.DEFAULT
            .withParameters(parameters, CompactionOptions.DEFAULT.parameterRetention())
            .withExpireRequestsBefore(Instant.now().minus(requestRetention));
    if (incrementalOnly) {
      options = options.withIncrementalOnly();
    }
    if (buckets.isPresent()) {
      options = options.withBuckets(buckets.get());
    }
    Map<GroupId, CompactionReport> reports = new LinkedHashMap<>();
    for (ReplicationStream stream : provider.replicating()) {
      reports.put(stream.id(), compaction.compact(stream.id(), options, aborted));
    }
    return reports;
  }

  /** Names separated by commas; a comma within a name's brackets belongs to the name. */
  private static List<BucketName> names(String list) {
    List<BucketName> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    int depth = 0;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (quoted && c == '\\' && i + 1 < list.length()) {
        name.append(c).append(list.charAt(++i));
        continue;
      }
      if (c == '"' && depth > 0) {
        quoted = !quoted;
      } else if (!quoted && c == '[') {
        depth++;
      } else if (!quoted && c == ']') {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        add(names, name.toString());
        name.setLength(0);
        continue;
      }
      name.append(c);
    }
    add(names, name.toString());
    return names;
  }

  private static void add(List<BucketName> names, String text) {
    String name = text.strip();
    if (name.isEmpty()) {
      return;
    }
    if (!name.contains("[")) {
      throw new IllegalArgumentException(
          "not a full bucket name: " + name + "; write for example global[] or 1#by_owner[\"u1\"]");
    }
    names.add(new BucketName(name));
  }
}
