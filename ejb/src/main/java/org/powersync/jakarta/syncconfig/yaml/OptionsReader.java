package org.powersync.jakarta.syncconfig.yaml;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlScalar;

/** Reads {@code config} (sync config section 3). */
final class OptionsReader {
  private static final String EDITION = "edition";
  private static final String STORAGE_VERSION = "storage_version";
  private static final String PRECISION = "timestamp_max_precision";
  private static final String ISO8601 = Compatibility.ISO8601;
  private static final String VERSIONED = Compatibility.VERSIONED_IDS;
  private static final String FIXED_JSON = Compatibility.FIXED_JSON;
  private static final String CUSTOM_TYPES = Compatibility.CUSTOM_TYPES;
  private static final String SQLITE = "unstable_sqlite_expression_engine";
  private static final Set<String> KEYS =
      Set.of(
          EDITION,
          STORAGE_VERSION,
          PRECISION,
          ISO8601,
          VERSIONED,
          FIXED_JSON,
          CUSTOM_TYPES,
          SQLITE);

  private static final Map<String, Integer> PRECISIONS =
      Map.of("seconds", 0, "milliseconds", 3, "microseconds", 6, "nanoseconds", 9);

  private final Fields fields;
  private final Messages messages;
  private final SortedMap<String, Boolean> overrides = new TreeMap<>();

  private OptionsReader(Fields fields, Messages messages) {
    this.fields = fields;
    this.messages = messages;
  }

  /** The options without {@code config}. */
  static ConfigOptions defaults() {
    return new ConfigOptions(Compatibility.ofEdition(1), OptionalInt.empty(), new TreeMap<>());
  }

  static ConfigOptions read(String yaml, YamlNode.YamlMap config, Messages messages) {
    return new OptionsReader(Fields.of(yaml, config, KEYS, messages), messages).options();
  }

  /**
   * Whether {@code config} has an edition that does not exist. The rest of loading takes it for the
   * nearest one and reports what it finds; this is for the end.
   */
  static boolean hasUnknownEdition(YamlNode.YamlMap config) {
    return config.value(EDITION).isPresent()
        && config.value(EDITION).get() instanceof YamlScalar scalar
        && scalar.number().isPresent()
        && !Set.of(1.0, 2.0, 3.0).contains(scalar.number().getAsDouble());
  }

  private ConfigOptions options() {
    int edition = edition();
    Compatibility defaults = Compatibility.ofEdition(edition);
    boolean iso8601 = flag(ISO8601, defaults.timestampsIso8601());
    boolean versioned = flag(VERSIONED, defaults.versionedBucketIds());
    boolean fixedJson = flag(FIXED_JSON, defaults.fixedJsonExtract());
    boolean customTypes = flag(CUSTOM_TYPES, defaults.customPostgresTypes());
    boolean sqlite = flag(SQLITE, false);
    if (sqlite && edition < 3) {
      messages.fatal("sqlite-engine-needs-edition-3", SQLITE + " needs edition: 3", fields.place());
    }
    if (sqlite && edition >= 3 && !fixedJson) {
      messages.fatal(
          "sqlite-engine-needs-fixed-json", SQLITE + " needs " + FIXED_JSON, fields.place());
    }
    OptionalInt precision = precision();
    if (precision.isPresent() && !iso8601) {
      messages.fatal(
          "precision-needs-iso8601",
          PRECISION + " needs " + ISO8601 + ": true, or edition: 2",
          fields.node(PRECISION).map(YamlNode::place).orElse(fields.place()));
    }
    Compatibility compatibility =
        new Compatibility(edition, iso8601, versioned, fixedJson, customTypes, sqlite, precision);
    return new ConfigOptions(compatibility, storageVersion(), overrides);
  }

  private int edition() {
    double edition = fields.number(EDITION).orElse(1.0);
    return (int) Math.max(1, Math.min(3, Math.floor(edition)));
  }

  private boolean flag(String name, boolean otherwise) {
    Optional<Boolean> given = fields.flag(name);
    given.ifPresent(value -> overrides.put(name, value));
    return given.orElse(otherwise);
  }

  private OptionalInt precision() {
    Optional<YamlNode> node = fields.node(PRECISION);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!(node.get() instanceof YamlScalar scalar) || !scalar.isText()) {
      messages.fatal("expected-string", PRECISION + " is a word", node.get().place());
      return OptionalInt.empty();
    }
    Integer digits = PRECISIONS.get(scalar.text());
    if (digits == null) {
      messages.fatal(
          "unknown-time-precision",
          PRECISION + " is seconds, milliseconds, microseconds or nanoseconds",
          scalar.place());
      return OptionalInt.empty();
    }
    return OptionalInt.of(digits);
  }

  private OptionalInt storageVersion() {
    Optional<Double> version = fields.number(STORAGE_VERSION);
    if (version.isEmpty()) {
      return OptionalInt.empty();
    }
    Place place = fields.node(STORAGE_VERSION).map(YamlNode::place).orElse(fields.place());
    if (version.get() != 2 && version.get() != 3) {
      messages.fatal("storage-version-unsupported", STORAGE_VERSION + " is 2 or 3", place);
      return OptionalInt.empty();
    }
    if (version.get() == 3) {
      messages.warning("storage-version-unstable", "Storage version 3 is not stable yet", place);
    }
    return OptionalInt.of(version.get().intValue());
  }
}
