package org.powersync.jakarta.syncconfig.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.Entry;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlMap;

/** Reads the top level of a document and its definitions (sync config section 2). */
final class DocumentReader {
  private static final String BUCKETS = "bucket_definitions";
  private static final String STREAMS = "streams";
  private static final String WITH = "with";
  private static final String EVENTS = "event_definitions";
  private static final String CONFIG = "config";
  private static final String ACCEPT = "accept_potentially_dangerous_queries";

  private final String yaml;
  private final Fields top;
  private final Messages messages;
  private final ConfigOptions options;
  private final boolean unknownEdition;
  private final int edition;
  private final Set<String> names = new HashSet<>();

  DocumentReader(String yaml, YamlMap root, Messages messages) {
    this.yaml = yaml;
    this.messages = messages;
    this.top = Fields.of(yaml, root, Set.of(BUCKETS, STREAMS, WITH, EVENTS, CONFIG), messages);
    Optional<YamlMap> config = top.map(CONFIG);
    this.options =
        config
            .map(map -> OptionsReader.read(yaml, map, messages))
            .orElseGet(OptionsReader::defaults);
    this.unknownEdition = config.filter(OptionsReader::hasUnknownEdition).isPresent();
    this.edition = options.compatibility().edition();
  }

  SyncConfigDocument read() {
    Optional<YamlMap> buckets = top.map(BUCKETS);
    Optional<YamlMap> streams = top.map(STREAMS);
    List<BucketDefinition> bucketDefinitions = List.of();
    if (edition >= 3) {
      buckets.ifPresent(
          map ->
              messages.fatal(
                  "bucket-definitions-not-in-edition-3",
                  "Edition 3 has streams only; rewrite the bucket definitions or use edition: 2",
                  map.place()));
      if (streams.isEmpty()) {
        messages.fatal("streams-required", "Edition 3 needs streams");
      }
    } else {
      bucketDefinitions = buckets.map(this::bucketDefinitions).orElse(List.of());
      if (buckets.isEmpty() && streams.isEmpty()) {
        messages.fatal("no-definitions", "bucket_definitions or streams are needed");
      }
    }
    List<NamedSql> with = with(top);
    return new SyncConfigDocument(
        options,
        bucketDefinitions,
        streams.map(this::streams).orElse(List.of()),
        with,
        top.map(EVENTS).map(this::events).orElse(List.of()),
        unknownEdition);
  }

  private List<NamedSql> with(Fields fields) {
    if (edition >= 3) {
      return fields.namedSql(WITH);
    }
    fields
        .node(WITH)
        .ifPresent(
            node -> messages.fatal("cte-needs-edition-3", "with needs edition: 3", node.place()));
    return List.of();
  }

  /** The name of a definition, empty after a message that it cannot have it. */
  private Optional<String> definitionName(Entry entry) {
    Optional<String> name = Fields.name(entry, messages);
    if (name.isPresent() && !names.add(name.get())) {
      messages.fatal(
          "duplicate-definition",
          "Bucket definitions and streams need different names",
          entry.key().place());
      return Optional.empty();
    }
    return name;
  }

  private List<BucketDefinition> bucketDefinitions(YamlMap map) {
    List<BucketDefinition> definitions = new ArrayList<>();
    for (Entry entry : map.entries()) {
      Optional<String> name = definitionName(entry);
      Optional<YamlMap> body = name.flatMap(n -> Fields.map(entry.value(), messages));
      if (body.isPresent()) {
        bucketDefinition(name.get(), entry, body.get()).ifPresent(definitions::add);
      }
    }
    return definitions;
  }

  private Optional<BucketDefinition> bucketDefinition(String name, Entry entry, YamlMap body) {
    Fields fields =
        Fields.of(yaml, body, Set.of("parameters", "data", "priority", ACCEPT), messages);
    boolean accept = fields.flag(ACCEPT).orElse(false);
    OptionalInt priority = fields.priority();
    Optional<List<SqlText>> parameters = fields.sqlOrList("parameters");
    Optional<List<SqlText>> data = fields.sqlList("data");
    if (data.isEmpty()) {
      messages.fatal("missing-key", "data is missing; write data: [] for no rows", fields.place());
    }
    Place namePlace = entry.key().place();
    return data.map(
        queries -> new BucketDefinition(name, namePlace, parameters, queries, priority, accept));
  }

  private List<StreamDefinition> streams(YamlMap map) {
    if (edition < 3) {
      messages.warning(
          "alpha-streams-deprecated",
          "Streams before edition 3 are deprecated; use edition: 3",
          map.place());
    }
    List<StreamDefinition> streams = new ArrayList<>();
    for (Entry entry : map.entries()) {
      Optional<String> name = definitionName(entry);
      Optional<YamlMap> body = name.flatMap(n -> Fields.map(entry.value(), messages));
      if (body.isPresent()) {
        streams.add(stream(name.get(), entry, body.get()));
      }
    }
    return edition == 1 ? List.of() : streams;
  }

  private StreamDefinition stream(String name, Entry entry, YamlMap body) {
    Fields fields =
        Fields.of(
            yaml,
            body,
            Set.of("query", "queries", WITH, "auto_subscribe", "priority", ACCEPT),
            messages);
    boolean accept = fields.flag(ACCEPT).orElse(false);
    boolean autoSubscribe = fields.flag("auto_subscribe").orElse(false);
    OptionalInt priority = fields.priority();
    if (edition == 2 && priority.isPresent()) {
      messages.warning(
          "priority-ignored",
          "Streams of edition 2 always have priority 3; use edition: 3",
          fields.node("priority").map(YamlNode::place).orElse(fields.place()));
    }
    List<NamedSql> with = with(fields);
    List<SqlText> queries = edition >= 3 ? compiledQueries(fields) : earlyQuery(fields);
    return new StreamDefinition(
        name, entry.key().place(), queries, with, autoSubscribe, priority, accept);
  }

  private List<SqlText> compiledQueries(Fields fields) {
    boolean one = fields.node("query").isPresent();
    if (one == fields.node("queries").isPresent()) {
      messages.fatal("query-xor-queries", "A stream has either query or queries", fields.place());
      return List.of();
    }
    return one
        ? fields.sql("query").map(List::of).orElse(List.of())
        : fields.sqlList("queries").orElse(List.of());
  }

  /** Without {@code query} nothing is produced, silently. */
  private List<SqlText> earlyQuery(Fields fields) {
    fields
        .node("queries")
        .ifPresent(
            node ->
                messages.fatal(
                    "queries-needs-edition-3", "queries needs edition: 3", node.place()));
    Optional<SqlText> query = fields.sql("query");
    if (edition == 1) {
      query.ifPresent(
          sql ->
              messages.fatal(
                  "streams-need-edition-2",
                  "Streams need config with edition: 2, better edition: 3",
                  sql,
                  sql.whole()));
    }
    return query.map(List::of).orElse(List.of());
  }

  private List<EventDefinition> events(YamlMap map) {
    List<EventDefinition> events = new ArrayList<>();
    for (Entry entry : map.entries()) {
      Optional<String> name = Fields.name(entry, messages);
      Optional<YamlMap> body = name.flatMap(n -> Fields.map(entry.value(), messages));
      if (body.isEmpty()) {
        continue;
      }
      Fields fields = Fields.of(yaml, body.get(), Set.of("payloads"), messages);
      // The reference says nothing about an event without payloads: it never happens.
      List<SqlText> payloads = fields.sqlList("payloads").orElse(List.of());
      events.add(new EventDefinition(name.get(), entry.key().place(), payloads));
    }
    return events;
  }
}
