package org.powersync.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.config.ConfigurationResult.Loaded;
import org.powersync.jakarta.config.ConfigurationResult.Rejected;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.connection.SslMode;
import org.powersync.jakarta.connection.document.ConfigurationProblem;

/** Loading the service configuration: sources, all keys, what is refused (configuration spec). */
class ConfigurationLoaderTest {
  @TempDir private Path directory;
  private ConfigurationFixture fixture;

  @BeforeEach
  void create() {
    fixture = new ConfigurationFixture(directory);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String withPort(int port) {
    return ConfigurationFixture.STORAGE + "port: " + port + "\n";
  }

  private int loadedPort() {
    return ((Loaded) fixture.load()).configuration().port();
  }

  @Test
  void fillsInDefaults() {
    PowerSyncConfiguration configuration = fixture.loaded("");

    assertThat(configuration.runnerType()).isEqualTo(RunnerType.UNIFIED);
    assertThat(configuration.source()).isEmpty();
    assertThat(configuration.port()).isEqualTo(8080);
    assertThat(configuration.syncConfig()).isEqualTo(new SyncConfigSource.Managed());
    assertThat(configuration.syncConfig().deployable()).isTrue();
    assertThat(configuration.exitOnSyncConfigError()).isTrue();
    assertThat(configuration.autoMigration()).isTrue();
    assertThat(configuration.metadata()).isEmpty();
    assertThat(configuration.parameters()).isEmpty();
    assertThat(configuration.warnings()).isEmpty();
    assertThat(configuration.telemetry())
        .isEqualTo(new TelemetrySettings(OptionalInt.empty(), Optional.empty()));
    assertThat(configuration.logging())
        .isEqualTo(new LoggingSettings(Optional.empty(), LoggingSettings.Format.TEXT));
    assertThat(configuration.healthProbes()).isEqualTo(HealthProbes.legacy(RunnerType.UNIFIED));
    StorageSettings storage = configuration.storage();
    assertThat(storage.maxPoolSize()).isEqualTo(8);
    assertThat(storage.defaultStorageVersion()).isEqualTo(2);
    assertThat(storage.slotNamePrefix()).isEqualTo("powersync_");
    assertThat(storage.batchLimits()).isEqualTo(StorageSettings.BatchLimits.DEFAULT);
    ApiSettings api = configuration.api();
    assertThat(api.tokens()).isEmpty();
    assertThat(api.maxConcurrentConnections()).isEqualTo(200);
    assertThat(api.maxStreamRequestSize()).isEqualTo(16_777_216);
    assertThat(api.maxDataFetchConcurrency()).isEqualTo(10);
    assertThat(api.maxBucketsPerConnection()).isEqualTo(1000);
    assertThat(api.maxParameterQueryResults()).isEqualTo(1000);
    assertThat(api.checkpointRequestRetention()).isEqualTo(Duration.ofMinutes(60));
    assertThat(api.bucketCountCacheTtl()).isEqualTo(Duration.ofMinutes(60));
    assertThat(configuration.clientAuth().audience()).isEmpty();
    assertThat(configuration.clientAuth().jwksRestriction().isEmpty()).isTrue();
  }

  @Test
  void readsEveryKey() {
    PowerSyncConfiguration configuration =
        fixture.loadedAlone(
            """
            replication:
              connections:
                - type: postgresql
                  id: orders
                  tag: main
                  hostname: source.example
                  port: "5444"
                  username: replicator
                  password: source-secret
                  database: orders
                  sslmode: disable
                  slot_name_prefix: ps_
                  max_pool_size: 4
                  connect_timeout: 1.5
                  snapshot_socket_timeout: 12.5
                  heartbeat_interval_seconds: 5
                  debug_api: true
            storage:
              type: postgresql
              uri: postgres://storer:storage-secret@storage.example/buckets
              sslmode: disable
              slot_name_prefix: store_
              max_pool_size: 3
              default_storage_version: 3
              batch_limits:
                max_estimated_size: 1000
                max_record_count: 20
                max_current_data_batch_size: 3000
            port: 9000
            sync_config:
              content: "bucket_definitions: {}"
              exit_on_error: false
            client_auth:
              audience: [a, b]
              jwks_uri: [https://one.example/keys, http://two.example/keys]
              jwks_reject_ip_ranges: [10.0.0.0/8]
            api:
              tokens: [one, two, ""]
              parameters:
                max_concurrent_connections: 5
                max_stream_request_size: 2097152
                max_data_fetch_concurrency: 6
                max_buckets_per_connection: 7
                max_parameter_query_results: 8
                checkpoint_request_retention_minutes: 9
                bucket_count_cache_ttl_minutes: 10
            telemetry:
              prometheus_port: "9090"
              disable_telemetry_sharing: false
              internal_service_endpoint: https://telemetry.example
            healthcheck:
              probes:
                use_http: true
                use_filesystem: false
            system:
              logging:
                level: warn
                format: json
            migrations:
              disable_auto_migration: true
            metadata:
              region: eu
            parameters:
              number: 1
              text: a
              flag: true
              nothing: null
            """);

    assertThat(configuration.warnings()).isEmpty();
    SourceConnection source = configuration.source().orElseThrow();
    assertThat(source.id()).isEqualTo("orders");
    assertThat(source.tag()).isEqualTo("main");
    assertThat(source.connection().hostname()).isEqualTo("source.example");
    assertThat(source.connection().port()).isEqualTo(5444);
    assertThat(source.connection().tls().mode()).isEqualTo(SslMode.DISABLE);
    assertThat(source.connection().connectTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(source.slotNamePrefix()).isEqualTo("ps_");
    assertThat(source.maxPoolSize()).hasValue(4);
    assertThat(source.snapshotSocketTimeout()).isEqualTo(Duration.ofMillis(12_500));
    assertThat(source.heartbeatInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(source.debugApi()).isTrue();
    StorageSettings storage = configuration.storage();
    assertThat(storage.connection().port()).isEqualTo(5432);
    assertThat(storage.slotNamePrefix()).isEqualTo("store_");
    assertThat(storage.maxPoolSize()).isEqualTo(3);
    assertThat(storage.defaultStorageVersion()).isEqualTo(3);
    assertThat(storage.batchLimits()).isEqualTo(new StorageSettings.BatchLimits(1000, 20, 3000));
    assertThat(configuration.port()).isEqualTo(9000);
    assertThat(configuration.syncConfig())
        .isEqualTo(new SyncConfigSource.Text("bucket_definitions: {}"));
    assertThat(configuration.exitOnSyncConfigError()).isFalse();
    ApiSettings api = configuration.api();
    assertThat(api.tokens()).containsExactly(Secret.of("one"), Secret.of("two"));
    assertThat(api.maxConcurrentConnections()).isEqualTo(5);
    assertThat(api.maxStreamRequestSize()).isEqualTo(2_097_152);
    assertThat(api.maxDataFetchConcurrency()).isEqualTo(6);
    assertThat(api.maxBucketsPerConnection()).isEqualTo(7);
    assertThat(api.maxParameterQueryResults()).isEqualTo(8);
    assertThat(api.checkpointRequestRetention()).isEqualTo(Duration.ofMinutes(9));
    assertThat(api.bucketCountCacheTtl()).isEqualTo(Duration.ofMinutes(10));
    assertThat(configuration.clientAuth().audience()).containsExactly("a", "b");
    assertThat(configuration.clientAuth().jwksUris()).hasSize(2);
    assertThat(configuration.clientAuth().jwksRestriction().isEmpty()).isFalse();
    assertThat(configuration.telemetry())
        .isEqualTo(
            new TelemetrySettings(OptionalInt.of(9090), Optional.of("https://telemetry.example")));
    assertThat(configuration.healthProbes()).isEqualTo(new HealthProbes(true, false));
    assertThat(configuration.logging())
        .isEqualTo(new LoggingSettings(Optional.of("warn"), LoggingSettings.Format.JSON));
    assertThat(configuration.autoMigration()).isFalse();
    assertThat(configuration.metadata()).isEqualTo(Map.of("region", "eu"));
    assertThat(configuration.parameters())
        .containsEntry("number", 1.0)
        .containsEntry("text", "a")
        .containsEntry("flag", true)
        .containsEntry("nothing", null);
  }

  @Test
  void takesBase64BeforeTheNamedFileBeforeTheDefaultFile() {
    fixture.file("powersync.yaml", withPort(1));
    assertThat(loadedPort()).isEqualTo(1);
    fixture.file("named.yml", withPort(2)).variable("POWERSYNC_CONFIG_PATH", "named.yml");
    assertThat(loadedPort()).isEqualTo(2);
    fixture.variable("POWERSYNC_CONFIG_B64", base64(withPort(3)));
    assertThat(loadedPort()).isEqualTo(3);
  }

  @Test
  void takesBase64OfEveryVariant() {
    String text = withPort(4) + "metadata: {a: \"\u00fc\u00ff\u00fe?>~\"}\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (Base64.Encoder encoder :
        new Base64.Encoder[] {
          Base64.getEncoder(),
          Base64.getUrlEncoder(),
          Base64.getEncoder().withoutPadding(),
          Base64.getUrlEncoder().withoutPadding(),
          Base64.getMimeEncoder()
        }) {
      fixture.variable("POWERSYNC_CONFIG_B64", encoder.encodeToString(bytes));
      assertThat(loadedPort()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%%", "a", "YWJj!YWJj", "=="})
  void refusesWhatIsNotBase64(String text) {
    fixture.variable("POWERSYNC_CONFIG_B64", text).file("powersync.yaml", withPort(1));
    assertThat(((Rejected) fixture.load()).errors())
        .singleElement()
        .asString()
        .contains("POWERSYNC_CONFIG_B64", "Base64");
  }

  @Test
  void readsJson() {
    String json =
        """
        {"storage": {"type": "postgresql", "sslmode": "disable",
          "uri": "postgresql://u:p@h:5433/d"}, "port": 6}
        """;
    fixture.variable("POWERSYNC_CONFIG_B64", base64(json));
    assertThat(loadedPort()).isEqualTo(6);
    fixture.variable("POWERSYNC_CONFIG_B64", "").variable("POWERSYNC_CONFIG_PATH", "a.json");
    fixture.file("a.json", json);
    assertThat(loadedPort()).isEqualTo(6);
  }

  @Test
  void saysWhenThereIsNone() {
    Rejected rejected = (Rejected) fixture.load();
    assertThat(rejected.errors().toString()).contains("POWERSYNC_CONFIG_PATH");
  }

  @Tag("cfg-env")
  @Test
  void substitutesVariablesByType() {
    fixture
        .variable("PS_PORT", "7000")
        .variable("PS_SIZE", "12")
        .variable("PS_FLAG", "TRUE")
        .variable("PS_TOKEN", "token-of-the-environment");
    PowerSyncConfiguration configuration =
        fixture.loaded(
            """
            port: !env PS_PORT
            api:
              tokens: [!env PS_TOKEN]
              parameters:
                max_concurrent_connections: !env PS_SIZE::number
            migrations:
              disable_auto_migration: !env "PS_FLAG::boolean"
            """);
    assertThat(configuration.port()).isEqualTo(7000);
    assertThat(configuration.api().tokens()).containsExactly(Secret.of("token-of-the-environment"));
    assertThat(configuration.api().maxConcurrentConnections()).isEqualTo(12);
    assertThat(configuration.autoMigration()).isFalse();
  }

  @Test
  void doesNotTakeASubstitutedTextForAnotherType() {
    fixture.variable("PS_FLAG", "true");
    assertThat(fixture.errors("migrations:\n  disable_auto_migration: !env PS_FLAG\n"))
        .singleElement()
        .asString()
        .startsWith("migrations.disable_auto_migration (line 6)");
  }

  @ParameterizedTest
  @CsvSource({"api,API", "sync,SYNC", "unified,UNIFIED", "'',UNIFIED"})
  void takesTheRunnerTypeFromTheEnvironment(String text, RunnerType type) {
    fixture.variable("PS_RUNNER_TYPE", text);
    assertThat(fixture.loaded("").runnerType()).isEqualTo(type);
  }

  @Test
  void refusesAnUnknownRunnerType() {
    fixture.variable("PS_RUNNER_TYPE", "worker");
    assertThat(fixture.errors(""))
        .singleElement()
        .asString()
        .contains("PS_RUNNER_TYPE", "unified, api, sync");
  }

  @Test
  void letsTheEnvironmentOverrideLogging() {
    fixture.variable("PS_LOG_LEVEL", "debug").variable("PS_LOG_FORMAT", "json");
    String logging = "system: {logging: {level: error, format: text}}\n";
    assertThat(fixture.loaded(logging).logging())
        .isEqualTo(new LoggingSettings(Optional.of("debug"), LoggingSettings.Format.JSON));
    assertThat(fixture.loaded("").logging().level()).contains("debug");
    fixture.variable("PS_LOG_LEVEL", "loud").variable("PS_LOG_FORMAT", "");
    assertThat(fixture.loaded("").logging().level()).isEmpty();
    PowerSyncConfiguration ignored = fixture.loaded(logging);
    assertThat(ignored.logging())
        .isEqualTo(new LoggingSettings(Optional.of("error"), LoggingSettings.Format.TEXT));
    assertThat(ignored.warnings().toString()).contains("PS_LOG_LEVEL");
  }

  @Test
  void logsJsonInProduction() {
    fixture.variable("NODE_ENV", "production");
    assertThat(fixture.loaded("").logging())
        .isEqualTo(new LoggingSettings(Optional.empty(), LoggingSettings.Format.JSON));
  }

  @Test
  void keepsALevelThatIsTheUsualOneApartFromNone() {
    assertThat(fixture.loaded("system: {logging: {level: info}}\n").logging())
        .isEqualTo(new LoggingSettings(Optional.of("info"), LoggingSettings.Format.TEXT));
    assertThat(fixture.loaded("system: {logging: {format: json}}\n").logging())
        .isEqualTo(new LoggingSettings(Optional.empty(), LoggingSettings.Format.JSON));
  }

  @Tag("cfg-probes")
  @Test
  void combinesProbesAsTheySay() {
    assertThat(fixture.loaded("healthcheck: {probes: {}}").healthProbes())
        .isEqualTo(new HealthProbes(false, false));
    assertThat(fixture.loaded("healthcheck: {probes: {use_legacy: true}}").healthProbes())
        .isEqualTo(new HealthProbes(true, true));
    fixture.variable("PS_RUNNER_TYPE", "sync");
    assertThat(fixture.loaded("").healthProbes()).isEqualTo(new HealthProbes(false, true));
    assertThat(fixture.loaded("healthcheck: {probes: {use_http: true}}").healthProbes())
        .isEqualTo(new HealthProbes(true, false));
  }

  @Test
  void sendsNothingAnywhereUnlessToldTo() {
    assertThat(fixture.loaded("telemetry: {}").telemetry().endpoint()).isEmpty();
    assertThat(
            fixture
                .loaded(
                    """
                    telemetry:
                      disable_telemetry_sharing: true
                      internal_service_endpoint: https://telemetry.example
                    """)
                .telemetry()
                .endpoint())
        .isEmpty();
  }

  @Test
  void takesNullForAbsent() {
    PowerSyncConfiguration configuration =
        fixture.loaded(
            """
            client_auth:
            api:
              tokens:
              parameters: null
            sync_config:
            replication:
              connections:
            port: null
            """);
    assertThat(configuration.api().tokens()).isEmpty();
    assertThat(configuration.port()).isEqualTo(8080);
    assertThat(configuration.source()).isEmpty();
  }

  @Test
  void warnsOfUnknownKeysAtEveryLevel() {
    PowerSyncConfiguration configuration =
        fixture.loaded(
            """
            apy: {}
            api:
              token: [a]
              parameters:
                max_buckets: 7
            """);
    assertThat(configuration.warnings().stream().map(ConfigurationProblem::path))
        .containsExactlyInAnyOrder("apy", "api.token", "api.parameters.max_buckets");
    assertThat(configuration.warnings().stream().map(ConfigurationProblem::line))
        .containsExactlyInAnyOrder(5, 7, 9);
  }

  @Tag("cfg-positive-integers")
  @Test
  void findsEverythingThatIsWrongAtOnce() {
    assertThat(
            fixture.errorsAlone(
                """
                port: eighty
                api:
                  tokens: one
                  parameters:
                    checkpoint_request_retention_minutes: 0
                    bucket_count_cache_ttl_minutes: 1.5
                migrations:
                  disable_auto_migration: "yes"
                metadata:
                  a: 5
                system: {logging: {level: loud}}
                """))
        .satisfiesExactlyInAnyOrder(
            error -> assertThat(error).startsWith("storage").contains("required"),
            error -> assertThat(error).startsWith("port (line 1)"),
            error -> assertThat(error).startsWith("api.tokens (line 3)"),
            error ->
                assertThat(error)
                    .startsWith("api.parameters.checkpoint_request_retention_minutes (line 5)"),
            error ->
                assertThat(error)
                    .startsWith("api.parameters.bucket_count_cache_ttl_minutes (line 6)"),
            error -> assertThat(error).startsWith("migrations.disable_auto_migration (line 8)"),
            error -> assertThat(error).startsWith("metadata.a (line 10)"),
            error -> assertThat(error).startsWith("system.logging.level (line 11)"));
  }

  @Tag("cfg-storage-version")
  @ParameterizedTest
  @ValueSource(strings = {"1", "1.5", "4", "2.5"})
  void refusesOtherStorageVersions(String version) {
    assertThat(
            fixture.errorsAlone(
                ConfigurationFixture.STORAGE + "  default_storage_version: " + version + "\n"))
        .singleElement()
        .asString()
        .contains("Storage version " + version + " is not supported")
        .startsWith("[PSYNC_S1005] storage.default_storage_version (line 5)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "61", ".nan", ".inf", "-5"})
  void refusesHeartbeatsOutOfRange(String seconds) {
    assertThat(fixture.errors(source("heartbeat_interval_seconds: " + seconds)))
        .singleElement()
        .asString()
        .startsWith("[PSYNC_S1109] replication.connections[0].heartbeat_interval_seconds");
  }

  @Tag("CFG-09")
  @ParameterizedTest
  @CsvSource({"90, 90", "0, 30", "-5, 30", ".nan, 30", ".inf, 30"})
  void unusableSocketTimeoutsOfCopiesCountAsNone(String written, long seconds) {
    assertThat(
            fixture
                .loaded(source("snapshot_socket_timeout: " + written))
                .source()
                .orElseThrow()
                .snapshotSocketTimeout())
        .hasSeconds(seconds);
  }

  private static String source(String more) {
    return """
        replication:
          connections:
            - type: postgresql
              uri: postgresql://u:source-secret@db.example:5433/d
              sslmode: disable
              %s
        """
        .formatted(more);
  }

  @Test
  void refusesOtherKindsOfDatabases() {
    assertThat(fixture.errorsAlone("storage: {type: mongodb, uri: mongodb://u:secret@h/d}"))
        .singleElement()
        .asString()
        .contains("storage.type", "mongodb", "postgresql")
        .doesNotContain("secret");
    assertThat(
            fixture.errors(
                "replication: {connections: [{type: mysql, uri: 'mysql://u:secret@h'}]}"))
        .singleElement()
        .asString()
        .contains("replication.connections[0].type", "mysql");
  }

  @Test
  void refusesASecondSource() {
    String second = source("").replace("replication:\n  connections:\n", "").stripTrailing();
    assertThat(fixture.errors(source("") + second + "\n"))
        .singleElement()
        .asString()
        .contains("replication.connections", "single source");
  }

  @Test
  void namesNoSecretAnywhere() {
    String secrets =
        """
        client_auth:
          supabase_jwt_secret: [auth-secret]
          jwks:
            keys:
              - {kty: oct, alg: HS999, k: YXV0aC1zZWNyZXQ}
        api:
          tokens: [[api-secret]]
        """;
    String errors = fixture.errors(secrets + source("port: 99999")).toString();
    assertThat(errors).doesNotContain("secret\"", "storage-secret", "source-secret");
    assertThat(errors).doesNotContain("auth-secret", "api-secret", "YXV0aC1zZWNyZXQ");

    PowerSyncConfiguration loaded =
        fixture.loaded(
            """
            client_auth:
              supabase: true
              supabase_jwt_secret: auth-secret
              jwks: {keys: [{kty: oct, alg: HS256, k: YXV0aC1zZWNyZXQ}]}
            api:
              tokens: [api-secret]
            """
                + source(""));
    assertThat(loaded.toString())
        .doesNotContain("storage-secret", "source-secret", "auth-secret", "api-secret")
        .doesNotContain("YXV0aC1zZWNyZXQ");
  }
}
