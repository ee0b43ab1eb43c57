package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.powersync.jakarta.client.Tokens;

/** Makes the token a scenario describes: claims, header, secret, or its bare text. */
final class ScenarioTokens {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ScenarioTokens() {}

  static String make(JsonNode description) {
    if (description.has("raw")) {
      return description.get("raw").asText();
    }
    ObjectNode header = JSON.createObjectNode();
    header.put("alg", "HS256").put("kid", "bench").put("typ", "JWT");
    overlay(header, description.path("header"));
    ObjectNode claims = JSON.createObjectNode();
    claims.put("aud", Tokens.AUDIENCE).put("iat", "$now").put("exp", "$now+3600");
    overlay(claims, description.path("claims"));
    String signed = encode(header) + "." + encode(claims);
    String algorithm =
        switch (header.path("alg").asText()) {
          case "none" -> "";
          case "HS512" -> "HmacSHA512";
          case "HS384" -> "HmacSHA384";
          default -> "HmacSHA256";
        };
    String secret = description.path("secret").asText(Tokens.SECRET);
    return signed + "." + (algorithm.isEmpty() ? "" : sign(signed, algorithm, secret));
  }

  private static void overlay(ObjectNode target, JsonNode changes) {
    changes
        .fields()
        .forEachRemaining(
            change -> {
              if (change.getValue().asText().equals("$absent")) {
                target.remove(change.getKey());
              } else {
                target.set(change.getKey(), change.getValue());
              }
            });
    long now = Instant.now().getEpochSecond();
    for (String name : new String[] {"iat", "exp", "nbf"}) {
      String text = target.path(name).asText();
      if (text.startsWith("$now")) {
        target.put(name, now + (text.length() == 4 ? 0 : Long.parseLong(text.substring(4))));
      }
    }
  }

  private static String sign(String signed, String algorithm, String secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(JsonNode json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
