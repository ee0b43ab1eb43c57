package org.powersync.jakarta.web;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.ConfigDescription;
import org.powersync.jakarta.diagnostics.ConfigStatus;
import org.powersync.jakarta.diagnostics.Diagnostics;
import org.powersync.jakarta.diagnostics.Finding;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.syncconfig.describe.DefinitionText;

/** Diagnostics as documents (sync API sections 2.5 and 2.6); what is not known is left out. */
final class ConfigStatusDocument {
  /** ISO time with exactly three digits behind the second. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private ConfigStatusDocument() {}

  static Map<String, Object> diagnostics(Diagnostics.Report report, boolean withContent) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "connections",
        report.source().map(ConfigStatusDocument::source).map(List::of).orElse(List.of()));
    report
        .active()
        .ifPresent(status -> document.put("active_sync_rules", status(status, withContent)));
    report
        .deploying()
        .ifPresent(status -> document.put("deploying_sync_rules", status(status, withContent)));
    return document;
  }

  private static Map<String, Object> source(Diagnostics.Source source) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", source.id());
    document.put("postgres_uri", source.uri());
    document.put("connected", source.status().connected());
    document.put("errors", issues(source.status().errors()));
    return document;
  }

  static Map<String, Object> status(ConfigStatus status, boolean withContent) {
    Map<String, Object> document = new LinkedHashMap<>();
    if (withContent) {
      put(document, "content", status.content());
    }
    document.put(
        "connections",
        status.connections().stream().map(ConfigStatusDocument::connection).toList());
    document.put("errors", status.findings().stream().map(ConfigStatusDocument::finding).toList());
    return document;
  }

  private static Map<String, Object> connection(ConfigStatus.Connection connection) {
    ConfigStatus.Progress progress = connection.progress();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", connection.id());
    document.put("tag", connection.tag());
    document.put("slot_name", connection.slotName());
    document.put("initial_replication_done", progress.initialReplicationDone());
    put(document, "last_lsn", progress.lastLsn().map(Object::toString));
    put(document, "last_checkpoint_ts", progress.lastCheckpoint().map(TIME::format));
    put(document, "last_keepalive_ts", progress.lastKeepalive().map(TIME::format));
    connection.lagBytes().ifPresent(bytes -> document.put("replication_lag_bytes", bytes));
    connection
        .walBudget()
        .ifPresent(
            budget -> {
              document.put("wal_status", budget.walStatus());
              budget.safeWalSize().ifPresent(bytes -> document.put("safe_wal_size", bytes));
              budget
                  .maxSlotWalKeepSize()
                  .ifPresent(bytes -> document.put("max_slot_wal_keep_size", bytes));
            });
    document.put("tables", connection.tables().stream().map(ConfigStatusDocument::table).toList());
    return document;
  }

  private static Map<String, Object> table(TableInfo table) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema", table.schema());
    document.put("name", table.name());
    put(document, "pattern", table.pattern());
    document.put("replication_id", table.replicationId());
    document.put("data_queries", table.dataQueries());
    document.put("parameter_queries", table.parameterQueries());
    document.put("errors", issues(table.errors()));
    return document;
  }

  private static List<Map<String, Object>> issues(List<Issue> issues) {
    return issues.stream()
        .map(
            issue -> {
              Map<String, Object> document = new LinkedHashMap<>();
              document.put("level", level(issue.level()));
              document.put("message", issue.message());
              return document;
            })
        .toList();
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("level", level(finding.level()));
    document.put("message", finding.message());
    put(document, "ts", finding.at().map(TIME::format));
    finding
        .location()
        .ifPresent(
            location ->
                document.put(
                    "location",
                    Map.of("start_offset", location.start(), "end_offset", location.end())));
    return document;
  }

  private static String level(Level level) {
    return level == Level.FATAL ? "fatal" : "warning";
  }

  /** A deployed config with its description. */
  static Map<String, Object> deployed(String slot, String content, ConfigDescription description) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("slot_name", slot);
    document.put("content", content);
    document.putAll(description(description));
    return document;
  }

  static Map<String, Object> description(ConfigDescription description) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("valid", description.valid());
    if (!description.valid()) {
      document.put("errors", description.errors());
      return document;
    }
    List<Object> definitions = new ArrayList<>();
    description.definitions().forEach(text -> definitions.add(definition(text)));
    description.streams().forEach(name -> definitions.add("stream " + name));
    document.put("bucket_definitions", definitions);
    document.put(
        "source_tables",
        description.sourceTables().stream().map(ConfigStatusDocument::pattern).toList());
    document.put("data_tables", dataTables(description));
    return document;
  }

  private static Map<String, Object> pattern(PatternTables pattern) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema", pattern.schema());
    document.put("pattern", pattern.pattern());
    document.put("wildcard", pattern.wildcard());
    List<Map<String, Object>> tables =
        pattern.tables().stream().map(ConfigStatusDocument::table).toList();
    if (pattern.wildcard()) {
      document.put("tables", tables);
    } else {
      tables.stream().findFirst().ifPresent(table -> document.put("table", table));
    }
    return document;
  }

  private static Map<String, Object> definition(DefinitionText text) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", text.name());
    document.put("type", "SYNC_RULE");
    document.put("bucket_parameters", text.parameters());
    document.put("global_parameter_queries", queries(text.globalParameterQueries(), "sql"));
    document.put("parameter_queries", queries(text.parameterQueries(), "sql"));
    document.put(
        "data_queries", text.dataQueries().stream().map(ConfigStatusDocument::data).toList());
    return document;
  }

  private static List<Map<String, Object>> queries(List<String> texts, String name) {
    return texts.stream().map(sql -> Map.<String, Object>of(name, sql)).toList();
  }

  private static Map<String, Object> data(DefinitionText.Data query) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("sql", query.sql());
    document.put(
        "table",
        Map.of(
            "tablePattern", query.table().name(),
            "connectionTag", query.table().connectionTag(),
            "schema", query.table().schema()));
    document.put("columns", query.columns());
    return document;
  }

  /** The queries behind each table of a client; of streams a placeholder stands for them. */
  private static Map<String, Object> dataTables(ConfigDescription description) {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (DefinitionText definition : description.definitions()) {
      for (DefinitionText.Data query : definition.dataQueries()) {
        tables.computeIfAbsent(query.outputTable(), table -> new ArrayList<>()).add(query.sql());
      }
    }
    description.outputTables().forEach(name -> tables.putIfAbsent(name, List.of("SELECT 1")));
    Map<String, Object> document = new LinkedHashMap<>();
    tables.forEach((table, texts) -> document.put(table, queries(texts, "query")));
    return document;
  }

  private static void put(Map<String, Object> document, String name, Optional<?> value) {
    value.ifPresent(known -> document.put(name, known));
  }
}
