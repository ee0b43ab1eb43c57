package org.powersync.jakarta.syncconfig.yaml;

import java.util.List;
import java.util.Optional;

/**
 * A sync config as written, its SQL not yet looked at (sync config section 2). Immutable but for
 * the caches of its {@link SqlText}s; used by one thread.
 *
 * @param options what {@code config} says
 * @param bucketDefinitions in document order; none in edition 3
 * @param streams in document order; none in edition 1, where they are refused
 * @param with common table expressions for all streams
 * @param events event definitions in document order
 * @param unknownEdition whether the edition does not exist, see {@link #checkSchema}
 */
public record SyncConfigDocument(
    ConfigOptions options,
    List<BucketDefinition> bucketDefinitions,
    List<StreamDefinition> streams,
    List<NamedSql> with,
    List<EventDefinition> events,
    boolean unknownEdition) {
  public SyncConfigDocument {
    bucketDefinitions = List.copyOf(bucketDefinitions);
    streams = List.copyOf(streams);
    with = List.copyOf(with);
    events = List.copyOf(events);
  }

  /**
   * Reads a document and reports what is wrong with its structure. What can be understood is
   * returned even after fatal messages, so that its SQL can be checked as well.
   *
   * @return empty when the text is no YAML map
   */
  public static Optional<SyncConfigDocument> read(String yaml, Messages messages) {
    try {
      Optional<YamlNode> root = YamlComposer.compose(yaml);
      if (root.isPresent() && root.get() instanceof YamlNode.YamlMap map) {
        return Optional.of(new DocumentReader(yaml, map, messages).read());
      }
      messages.fatal(
          "root-not-a-map",
          "A sync config is a map with bucket_definitions or streams",
          root.map(YamlNode::place).orElse(Place.NONE));
    } catch (YamlSyntaxException e) {
      messages.fatal("yaml-syntax", e.getMessage(), e.place());
    }
    return Optional.empty();
  }

  /** The last check of loading: silent once anything fatal was found. */
  public void checkSchema(Messages messages) {
    if (unknownEdition && !messages.hasFatal()) {
      messages.fatal("schema-violation", "config.edition is 1, 2 or 3");
    }
  }
}
