package org.powersync.jakarta.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.connection.document.ConfigurationNode;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationNode.Sequence;
import org.powersync.jakarta.connection.document.ConfigurationProblem;
import org.powersync.jakarta.connection.document.ConfigurationProblems;
import org.powersync.jakarta.connection.document.ConfigurationSection;

class ConnectionSettingsTest {
  private static final String URI = "postgresql://ann:s3cret@db.example:6543/app";
  private final ConfigurationProblems problems = new ConfigurationProblems();

  private Optional<ConnectionSettings> read(Object... keysAndValues) {
    Map<String, ConfigurationNode> entries = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = (String) keysAndValues[i];
      Object value = keysAndValues[i + 1];
      entries.put(
          key,
          value instanceof List<?> list
              ? new Sequence(
                  key,
                  1,
                  list.stream().map(v -> (ConfigurationNode) new Scalar(key, 1, v)).toList())
              : new Scalar(key, 1, value));
    }
    return ConnectionSettings.read(new ConfigurationSection(new Mapping("", 1, entries), problems));
  }

  private List<String> codes() {
    return problems.errors().stream().map(p -> p.code().map(Enum::name).orElse("-")).toList();
  }

  @Tag("CFG-01")
  @Test
  void uriGivesAllParts() {
    ConnectionSettings settings = read("uri", URI).orElseThrow();
    assertThat(settings.hostname()).isEqualTo("db.example");
    assertThat(settings.port()).isEqualTo(6543);
    assertThat(settings.database()).isEqualTo("app");
    assertThat(settings.username()).isEqualTo("ann");
    assertThat(settings.password().reveal()).isEqualTo("s3cret");
    assertThat(settings.tls().mode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.baseUri()).isEqualTo("postgresql://db.example:6543/app");
  }

  @Test
  void keysWinOverTheUri() {
    ConnectionSettings settings =
        read(
                "uri",
                URI,
                "hostname",
                "OTHER.example",
                "port",
                "7000",
                "username",
                "bob",
                "password",
                "p2",
                "database",
                "d2",
                "sslmode",
                "disable")
            .orElseThrow();
    assertThat(settings.baseUri()).isEqualTo("postgresql://other.example:7000/d2");
    assertThat(settings.username()).isEqualTo("bob");
    assertThat(settings.password().reveal()).isEqualTo("p2");
    assertThat(settings.tls().mode()).isEqualTo(SslMode.DISABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "p%40ss,p@ss",
    "50%,50%",
    "a%zzb,a%zzb",
    "a:b:c,a:b:c",
    "%C3%A9,é",
    "a@b,a@b",
    "x^|{},x^|{}",
    "a+b,a+b"
  })
  void passwordsInUrisAreDecodedAndCutAtTheFirstColonOnly(String written, String meant) {
    ConnectionSettings settings =
        read("uri", "postgres://u%2Fx:" + written + "@h/d%20b").orElseThrow();
    assertThat(settings.password().reveal()).isEqualTo(meant);
    assertThat(settings.username()).isEqualTo("u/x");
    assertThat(settings.database()).isEqualTo("d b");
    assertThat(settings.port()).isEqualTo(5432);
  }

  @Tag("CFG-13")
  @Test
  void ipv6HostsLoseTheirBrackets() {
    ConnectionSettings settings =
        read("uri", "postgresql://u:p@[2001:4700::1]:5433/d").orElseThrow();
    assertThat(settings.hostname()).isEqualTo("2001:4700::1");
    assertThat(settings.port()).isEqualTo(5433);
    assertThat(settings.baseUri()).isEqualTo("postgresql://[2001:4700::1]:5433/d");
  }

  @Tag("CFG-06")
  @Tag("cfg-connection-errors")
  @Test
  void missingPartsAreAllNamedInOrder() {
    assertThat(read("sslmode", "verify-ca", "port", 80.0)).isEmpty();
    assertThat(codes())
        .containsExactly(
            "PSYNC_S1110",
            "PSYNC_S1104",
            "PSYNC_S1106",
            "PSYNC_S1107",
            "PSYNC_S1108",
            "PSYNC_S1105");
  }

  @Test
  void emptyPasswordCountsAsMissing() {
    assertThat(read("uri", "postgresql://u:@h/d")).isEmpty();
    assertThat(codes()).containsExactly("PSYNC_S1108");
  }

  @Tag("CFG-03")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:s3cret@h/d",
        "s3cret",
        "postgresql:/u:s3cret@h",
        "postgresql://u:s3cret@a,b/d",
        "postgresql://u:s3cret@[::1/d"
      })
  void unusableUriIsRefusedWithoutQuotingIt(String uri) {
    assertThat(read("uri", uri)).isEmpty();
    assertThat(codes()).containsExactly("PSYNC_S1109");
    assertThat(problems.errors().toString()).doesNotContain("s3cret");
  }

  @Tag("CFG-04")
  @ParameterizedTest
  @ValueSource(strings = {"1023", "65536", "0", "x", "5432.5", "-1"})
  void portMustBeUnprivileged(String port) {
    assertThat(read("uri", URI, "port", port)).isEmpty();
    assertThat(codes()).containsExactly("PSYNC_S1110");
  }

  @Tag("CFG-07")
  @Tag("cfg-connect-timeout")
  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p@h/d?connect_timeout=5, , 5000",
    "postgresql://u:p@h/d?connect_timeout=5, 1.5, 1500",
    "postgresql://u:p@h/d?connect_timeout=5, 0, 20000",
    "postgresql://u:p@h/d?connect_timeout=5, NaN, 20000",
    "postgresql://u:p@h/d?connect_timeout=5, Infinity, 20000",
    "postgresql://u:p@h/d?connect_timeout=-5, , 20000",
    "postgresql://u:p@h/d?sslmode=disable, , 20000"
  })
  void connectTimeoutFollowsItsRules(String uri, Double key, long millis) {
    ConnectionSettings settings = read("uri", uri, "connect_timeout", key).orElseThrow();
    assertThat(settings.connectTimeout().toMillis()).isEqualTo(millis);
    assertThat(settings.tls().mode()).isEqualTo(SslMode.VERIFY_FULL);
  }

  @Tag("CFG-10")
  @Test
  void literalAddressInARejectedRangeIsRefused() {
    assertThat(read("uri", "postgresql://u:p@127.0.0.1/d", "reject_ip_ranges", List.of("local")))
        .isEmpty();
    assertThat(codes()).containsExactly("PSYNC_S2203");
  }

  @Test
  void wrongTypesAreStructuralErrors() {
    assertThat(read("uri", URI, "password", 1234.0, "sslmode", "require")).isEmpty();
    assertThat(problems.errors())
        .extracting(ConfigurationProblem::path)
        .containsExactly("password", "sslmode");
  }

  @Test
  void damagedCertificatesAreNamedByTheirKey() {
    assertThat(
            read(
                "uri",
                URI,
                "cacert",
                "-----BEGIN CERTIFICATE-----\ns3cret\n-----END CERTIFICATE-----"))
        .isEmpty();
    assertThat(problems.errors())
        .singleElement()
        .satisfies(p -> assertThat(p.path()).isEqualTo("cacert"));
    assertThat(problems.errors().toString()).doesNotContain("s3cret");
  }

  @Test
  void nothingPrintsThePassword() {
    ConnectionSettings settings = read("uri", URI).orElseThrow();
    assertThat(
            settings
                + " "
                + settings.password()
                + new PostgresConnections(settings)
                + ConnectionUri.parse(URI))
        .doesNotContain("s3cret");
  }
}
