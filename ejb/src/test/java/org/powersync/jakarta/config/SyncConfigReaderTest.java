package org.powersync.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.powersync.jakarta.error.PowerSyncException;

/** Where the sync config comes from (configuration sections 1 and 7). */
class SyncConfigReaderTest {
  @TempDir private Path directory;
  private ConfigurationFixture fixture;

  @BeforeEach
  void create() {
    fixture = new ConfigurationFixture(directory);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private SyncConfigSource source(String yaml) {
    return fixture.loaded(yaml).syncConfig();
  }

  @Tag("cfg-sync-config")
  @Test
  void prefersTheVariableThenThePathThenTheContent() {
    String both = "sync_config: {path: a.yaml, content: inline}\n";
    assertThat(source("sync_config: {content: inline}\n"))
        .isEqualTo(new SyncConfigSource.Text("inline"));
    assertThat(source(both)).isEqualTo(new SyncConfigSource.File(directory.resolve("a.yaml")));
    fixture.variable("POWERSYNC_SYNC_RULES_B64", base64("old variable"));
    assertThat(source(both)).isEqualTo(new SyncConfigSource.Text("old variable"));
    fixture.variable("POWERSYNC_SYNC_CONFIG_B64", base64("variable"));
    assertThat(source(both)).isEqualTo(new SyncConfigSource.Text("variable"));
  }

  @Test
  void takesEmptyTextsForAbsent() {
    assertThat(source("sync_config: {path: '', content: ''}\n"))
        .isEqualTo(new SyncConfigSource.Managed());
    assertThat(source("sync_config: {path: '', content: inline}\n").deployable()).isFalse();
  }

  @Test
  void acceptsTheOldName() {
    PowerSyncConfiguration configuration =
        fixture.loaded("sync_rules: {content: inline, exit_on_error: false}\n");
    assertThat(configuration.syncConfig()).isEqualTo(new SyncConfigSource.Text("inline"));
    assertThat(configuration.exitOnSyncConfigError()).isFalse();
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void refusesBothNames() {
    assertThat(fixture.errors("sync_rules: {content: a}\nsync_config: {content: b}\n"))
        .singleElement()
        .asString()
        .contains("sync_rules", "use only one");
  }

  @Test
  void appliesExitOnErrorToEverySource() {
    fixture.variable("POWERSYNC_SYNC_CONFIG_B64", base64("variable"));
    assertThat(fixture.loaded("sync_config: {exit_on_error: false}\n").exitOnSyncConfigError())
        .isFalse();
  }

  @Test
  void resolvesPathsAgainstTheDirectoryOfTheNamedFile() {
    String yaml = ConfigurationFixture.STORAGE + "sync_config: {path: ../sync.yaml}\n";
    fixture.file("conf/main.yaml", yaml).variable("POWERSYNC_CONFIG_PATH", "conf/main.yaml");
    SyncConfigSource.File expected =
        new SyncConfigSource.File(directory.resolve("sync.yaml").normalize());
    assertThat(syncConfigOf(fixture.load())).isEqualTo(expected);

    fixture.variable("POWERSYNC_CONFIG_B64", base64(yaml));
    assertThat(syncConfigOf(fixture.load()))
        .as("the named file's directory counts even if another source is used")
        .isEqualTo(expected);
  }

  private static SyncConfigSource syncConfigOf(ConfigurationResult result) {
    return ((ConfigurationResult.Loaded) result).configuration().syncConfig();
  }

  @Test
  void readsTheFileOnlyWhenAsked() {
    SyncConfigSource source = source("sync_config: {path: later.yaml}\n");
    assertThatExceptionOfType(PowerSyncException.class)
        .isThrownBy(source::read)
        .withMessageContaining("later.yaml");
    fixture.file("later.yaml", "the text");
    assertThat(source.read()).contains("the text");
  }

  @Test
  void refusesVariablesThatAreNotBase64() {
    fixture.variable("POWERSYNC_SYNC_CONFIG_B64", "%%%");
    assertThat(fixture.errors(""))
        .singleElement()
        .asString()
        .contains("POWERSYNC_SYNC_CONFIG_B64", "Base64");
  }
}
