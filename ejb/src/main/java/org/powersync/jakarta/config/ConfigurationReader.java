package org.powersync.jakarta.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.connection.document.ConfigurationNode;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationProblems;
import org.powersync.jakarta.connection.document.ConfigurationSection;

/** Reads the top level of the configuration and its smaller sections. */
final class ConfigurationReader {
  private static final int DEFAULT_PORT = 8080;
  private static final int MAX_PORT = 65535;

  private final ConfigurationSection root;
  private final ConfigurationProblems problems;
  private final UnaryOperator<String> environment;
  private final Path workingDirectory;

  ConfigurationReader(
      ConfigurationSection root, UnaryOperator<String> environment, Path workingDirectory) {
    this.root = root;
    this.problems = root.problems();
    this.environment = environment;
    this.workingDirectory = workingDirectory;
  }

  /** The configuration; empty if anything is wrong. */
  Optional<PowerSyncConfiguration> read() {
    RunnerType runner = runnerType();
    ConnectionsReader connections = new ConnectionsReader(root);
    Optional<SourceConnection> source = connections.source();
    Optional<StorageSettings> storage = connections.storage();
    int port = port(root, "port").orElse(DEFAULT_PORT);
    SyncConfigReader syncConfig = new SyncConfigReader(root, environment, workingDirectory);
    SyncConfigSource syncConfigSource = syncConfig.source();
    ClientAuth clientAuth =
        new ClientAuthReader(
                root.sectionOrEmpty("client_auth"), source.map(s -> s.connection().hostname()))
            .read();
    ApiSettings api = api(root.sectionOrEmpty("api"));
    TelemetrySettings telemetry = telemetry(root.sectionOrEmpty("telemetry"));
    HealthProbes probes = probes(root.sectionOrEmpty("healthcheck"), runner);
    LoggingSettings logging = logging(root.sectionOrEmpty("system").sectionOrEmpty("logging"));
    boolean autoMigration =
        !root.sectionOrEmpty("migrations").flag("disable_auto_migration", false)
            || command(environment).filter(command -> command.startsWith("migrate")).isPresent();
    Map<String, String> metadata = metadata();
    Map<String, Object> parameters = parameters();
    root.warnOfUnknownKeys();
    if (problems.hasErrors()) {
      return Optional.empty();
    }
    return storage.map(
        s ->
            new PowerSyncConfiguration(
                runner,
                source,
                s,
                port,
                syncConfigSource,
                syncConfig.exitOnError(),
                clientAuth,
                api,
                telemetry,
                probes,
                logging,
                autoMigration,
                metadata,
                parameters,
                problems.warnings()));
  }

  /** The command this process was started for; empty when it runs the service. */
  static Optional<String> command(UnaryOperator<String> environment) {
    return Optional.ofNullable(environment.apply("PS_COMMAND"))
        .map(String::strip)
        .filter(command -> !command.isEmpty() && !command.equals("start"));
  }

  private RunnerType runnerType() {
    if (command(environment).isPresent()) {
      return RunnerType.COMMAND;
    }
    String text = variable("PS_RUNNER_TYPE").orElse(RunnerType.UNIFIED.text());
    Optional<RunnerType> type = RunnerType.of(text);
    if (type.isEmpty()) {
      problems.error(
          "PS_RUNNER_TYPE", 0, "must be one of " + String.join(", ", RunnerType.texts()));
    }
    return type.orElse(RunnerType.UNIFIED);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isEmpty());
  }

  private static OptionalInt noPort(ConfigurationSection section, String key) {
    section.error(key, "must be a port, from 0 to " + MAX_PORT);
    return OptionalInt.empty();
  }

  private static OptionalInt port(ConfigurationSection section, String key) {
    Optional<String> text = section.textOrNumber(key);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int port = Integer.parseInt(text.get().trim());
      return port >= 0 && port <= MAX_PORT ? OptionalInt.of(port) : noPort(section, key);
    } catch (NumberFormatException e) {
      return noPort(section, key);
    }
  }

  private static ApiSettings api(ConfigurationSection section) {
    List<Secret> tokens =
        section.texts("tokens").stream().filter(t -> !t.isEmpty()).map(Secret::of).toList();
    ConfigurationSection parameters = section.sectionOrEmpty("parameters");
    return new ApiSettings(
        tokens,
        parameters.integer("max_concurrent_connections", 1, 200),
        parameters.integer(
            "max_stream_request_size",
            ApiSettings.LEAST_STREAM_REQUEST_SIZE,
            ApiSettings.GREATEST_STREAM_REQUEST_SIZE,
            ApiSettings.DEFAULT_STREAM_REQUEST_SIZE),
        parameters.integer("max_data_fetch_concurrency", 1, 10),
        parameters.integer("max_buckets_per_connection", 1, 1000),
        parameters.integer("max_parameter_query_results", 1, 1000),
        Duration.ofMinutes(parameters.integer("checkpoint_request_retention_minutes", 1, 60)),
        Duration.ofMinutes(parameters.integer("bucket_count_cache_ttl_minutes", 1, 60)));
  }

  private static TelemetrySettings telemetry(ConfigurationSection section) {
    boolean disabled = section.flag("disable_telemetry_sharing", false);
    Optional<String> endpoint =
        section.text("internal_service_endpoint").filter(text -> !text.isEmpty() && !disabled);
    return new TelemetrySettings(port(section, "prometheus_port"), endpoint);
  }

  private static HealthProbes probes(ConfigurationSection section, RunnerType runner) {
    Optional<ConfigurationSection> probes = section.section("probes");
    if (probes.isEmpty()) {
      return HealthProbes.legacy(runner);
    }
    boolean legacy = probes.get().flag("use_legacy", false);
    boolean http = probes.get().flag("use_http", false);
    boolean files = probes.get().flag("use_filesystem", false);
    return legacy ? HealthProbes.legacy(runner) : new HealthProbes(http, files);
  }

  private LoggingSettings logging(ConfigurationSection section) {
    Optional<String> level = section.choice("level", LoggingSettings.LEVELS);
    Optional<String> format = section.choice("format", List.of("json", "text"));
    boolean production = variable("NODE_ENV").filter("production"::equals).isPresent();
    String chosenFormat =
        override("PS_LOG_FORMAT", List.of("json", "text"))
            .or(() -> format)
            .orElse(production ? "json" : "text");
    return new LoggingSettings(
        override("PS_LOG_LEVEL", LoggingSettings.LEVELS).or(() -> level),
        chosenFormat.equals("json") ? LoggingSettings.Format.JSON : LoggingSettings.Format.TEXT);
  }

  private Optional<String> override(String variable, List<String> choices) {
    Optional<String> value = variable(variable);
    if (value.isPresent() && !choices.contains(value.get())) {
      problems.warning(variable, 0, "ignored; must be one of " + String.join(", ", choices));
      return Optional.empty();
    }
    return value;
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    ConfigurationSection section = root.sectionOrEmpty("metadata");
    for (String key : section.entries().keySet()) {
      section.text(key).ifPresent(value -> metadata.put(key, value));
    }
    return metadata;
  }

  private Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigurationNode> entry :
        root.sectionOrEmpty("parameters").entries().entrySet()) {
      if (entry.getValue() instanceof Scalar scalar) {
        parameters.put(entry.getKey(), scalar.value());
      } else {
        problems.error(
            entry.getValue().path(),
            entry.getValue().line(),
            "must be a number, a text, true, false or null");
      }
    }
    return parameters;
  }
}
