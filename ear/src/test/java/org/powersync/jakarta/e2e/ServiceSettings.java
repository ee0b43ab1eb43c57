package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.client.Tokens;

/** The configuration that recordings were made with; described beside the vectors. */
public final class ServiceSettings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ServiceSettings() {}

  /** A {@code powersync.yaml} with this sync config, nothing else changed. */
  public static String of(String sourceUri, String storageUri, Optional<String> config) {
    return of(sourceUri, storageUri, config, MissingNode.getInstance());
  }

  /**
   * A {@code powersync.yaml}, as JSON.
   *
   * @param config the sync config; empty when it is deployed through the API
   * @param changes merged over everything, object by object
   */
  public static String of(
      String sourceUri, String storageUri, Optional<String> config, JsonNode changes) {
    ObjectNode settings = JSON.createObjectNode();
    settings
        .putObject("replication")
        .putArray("connections")
        .addObject()
        .put("type", "postgresql")
        .put("uri", sourceUri)
        .put("sslmode", "disable")
        // The recordings copied one table after the other.
        .put("snapshot_workers", 1);
    settings
        .putObject("storage")
        .put("type", "postgresql")
        .put("uri", storageUri)
        .put("sslmode", "disable");
    ObjectNode auth = settings.putObject("client_auth");
    auth.putArray("audience").add(Tokens.AUDIENCE);
    auth.putObject("jwks")
        .putArray("keys")
        .addObject()
        .put("kty", "oct")
        .put("alg", "HS256")
        .put("kid", "bench")
        .put("k", Tokens.KEY_BASE64URL);
    settings.putObject("api").putArray("tokens").add("admin-token-1");
    config.ifPresent(text -> settings.putObject("sync_config").put("content", text));
    merge(settings, changes);
    return settings.toString();
  }

  private static void merge(ObjectNode target, JsonNode changes) {
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      if (change.getValue().isObject() && target.path(change.getKey()).isObject()) {
        merge((ObjectNode) target.get(change.getKey()), change.getValue());
      } else {
        target.set(change.getKey(), change.getValue());
      }
    }
  }
}
