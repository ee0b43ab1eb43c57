package org.powersync.jakarta.syncconfig.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The steps of a recorded hash. */
public final class StableHashVector {
  private StableHashVector() {}

  /** The finished hash of all steps. */
  public static int finish(JsonNode steps) {
    StableHash hash = new StableHash();
    steps.forEach(step -> feed(hash, step));
    return hash.finish();
  }

  private static void feed(StableHash hash, JsonNode step) {
    if (step.has("string")) {
      hash.addText(step.get("string").asText());
    } else if (step.has("number")) {
      hash.add(step.get("number").asInt());
    } else {
      List<String> texts = new ArrayList<>();
      step.get("unordered").forEach(text -> texts.add(text.asText()));
      hash.addUnordered(texts, StableHash::addText);
    }
  }
}
