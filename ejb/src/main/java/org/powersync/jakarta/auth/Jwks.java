package org.powersync.jakarta.auth;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * A key set document as fetched (sync API section 6.5). Immutable.
 *
 * @param keys that may verify tokens
 * @param skipped why other keys were left out, for an operator
 * @param problem with the document as a whole, which then has no keys
 */
record Jwks(List<JsonWebKey> keys, List<String> skipped, Optional<String> problem) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

  /** Shared secrets are never taken from the network. */
  private static final Set<String> PUBLIC_TYPES = Set.of("RSA", "EC", "OKP");

  Jwks {
    keys = List.copyOf(keys);
    skipped = List.copyOf(skipped);
  }

  /**
   * Reads a document.
   *
   * @throws IOException if it is not JSON
   */
  static Jwks parse(byte[] body) throws IOException {
    JsonNode document = JSON.readTree(body);
    if (document.isMissingNode()) {
      throw new IOException("the document is empty");
    }
    JsonNode entries = document.path("keys");
    if (!entries.isArray()) {
      return problem("the document has no array \"keys\"");
    }
    List<JsonWebKey> keys = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (!entry.isObject()) {
        return problem("an element of \"keys\" is not an object");
      }
      if (!verifies(entry)) {
        continue;
      }
      try {
        keys.add(JsonWebKey.read(JSON.convertValue(entry, MEMBERS)));
      } catch (PowerSyncException e) {
        skipped.add(LogText.of(entry.path("kid").asText("without kid")) + ": " + e.text());
      }
    }
    return new Jwks(keys, skipped, Optional.empty());
  }

  private static Jwks problem(String text) {
    return new Jwks(List.of(), List.of(), Optional.of(text));
  }

  /** Whether the key is one for signatures, as far as it says. */
  private static boolean verifies(JsonNode entry) {
    if (!PUBLIC_TYPES.contains(entry.path("kty").asText())) {
      return false;
    }
    JsonNode use = entry.path("use");
    if (use.isTextual() && !use.textValue().equals("sig")) {
      return false;
    }
    JsonNode operations = entry.path("key_ops");
    if (!operations.isArray()) {
      return true;
    }
    for (JsonNode operation : operations) {
      if (operation.asText().equals("verify")) {
        return true;
      }
    }
    return false;
  }
}
