package org.powersync.jakarta.syncconfig.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;

/**
 * What is stored with a config of edition 3 so that it is never compiled again (sync config section
 * 12). Immutable.
 *
 * @param plan the streams
 * @param compatibility the options in force
 * @param overrides the flags given explicitly
 * @param events the payload queries of each event
 * @param messages what the compiler had to say
 */
public record StoredPlan(
    SyncPlan plan,
    Compatibility compatibility,
    SortedMap<String, Boolean> overrides,
    Map<String, List<String>> events,
    List<Warning> messages) {
  private static final int JSON_CAPACITY = 4096;

  /** A message of the compiler; without a place when {@code end} is 0. */
  public record Warning(String level, String text, int start, int end) {
    /** The stored form of a message. */
    public static Warning of(ConfigMessage message) {
      return new Warning(
          message.level().name().toLowerCase(Locale.ROOT),
          message.text(),
          message.start(),
          message.end());
    }
  }

  public StoredPlan {
    overrides = new TreeMap<>(overrides);
    events = new LinkedHashMap<>(events);
    messages = List.copyOf(messages);
  }

  /** The text to store. */
  public String json() {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("edition", (long) compatibility.edition());
    options.put("overrides", new LinkedHashMap<>(overrides));
    compatibility
        .maxTimePrecision()
        .ifPresent(digits -> options.put("maxTimeValuePrecision", (long) digits));
    Map<String, Object> json =
        PlanJson.object(
            "compatibility",
            options,
            "plan",
            PlanJson.write(plan),
            "eventDescriptors",
            new LinkedHashMap<>(events),
            "errors",
            messages.stream().map(StoredPlan::error).toList());
    return JsonBuffer.withoutRealMarks(JSON_CAPACITY).json(json).toText();
  }

  private static Map<String, Object> error(Warning message) {
    return PlanJson.object(
        "level",
        message.level(),
        "message",
        message.text(),
        "location",
        PlanJson.object(
            "start_offset", (long) message.start(), "end_offset", (long) message.end()));
  }

  /**
   * Reads a stored text, also one of the reference.
   *
   * @throws org.powersync.jakarta.error.PowerSyncException PSYNC_R0001 when it cannot be used
   */
  public static StoredPlan read(String json) {
    JsonNode root = JsonNode.parse(json);
    JsonNode options = root.get("compatibility");
    SortedMap<String, Boolean> overrides = new TreeMap<>();
    options
        .find("overrides")
        .ifPresent(
            node -> node.names().forEach(name -> overrides.put(name, node.get(name).bool())));
    Optional<JsonNode> precision = options.find("maxTimeValuePrecision");
    return new StoredPlan(
        PlanReader.read(root.get("plan")),
        Compatibility.of(
            options.get("edition").integer(),
            overrides,
            precision.isPresent()
                ? OptionalInt.of(precision.get().integer())
                : OptionalInt.empty()),
        overrides,
        events(root),
        root.find("errors").isPresent() ? root.list("errors", StoredPlan::warning) : List.of());
  }

  private static Map<String, List<String>> events(JsonNode root) {
    Map<String, List<String>> events = new LinkedHashMap<>();
    root.find("eventDescriptors")
        .ifPresent(
            node ->
                node.names().forEach(name -> events.put(name, node.list(name, JsonNode::text))));
    return events;
  }

  private static Warning warning(JsonNode json) {
    Optional<JsonNode> location = json.find("location");
    return new Warning(
        json.text("level"),
        json.text("message"),
        location.map(place -> place.get("start_offset").integer()).orElse(0),
        location.map(place -> place.get("end_offset").integer()).orElse(0));
  }
}
