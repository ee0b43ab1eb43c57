package org.powersync.jakarta.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens signed with the static test key (kid {@code bench}, HS256). */
public final class Tokens {
  /** The 32 bytes of the key. */
  public static final String SECRET = "0123456789abcdef0123456789abcdef";

  public static final String AUDIENCE = "powersync-dev";

  /** The key as it stands in {@code client_auth.jwks.keys}. */
  public static final String KEY_BASE64URL = base64url(SECRET.getBytes(StandardCharsets.UTF_8));

  private Tokens() {}

  /** A token of this user, valid for an hour. */
  public static String user(String user) {
    return user(user, 3600);
  }

  /** A token of this user, valid for the given seconds. */
  public static String user(String user, long seconds) {
    long now = Instant.now().getEpochSecond();
    return sign(
        """
        {"sub":"%s","aud":"%s","iat":%d,"exp":%d}\
        """
            .formatted(user, AUDIENCE, now, now + seconds));
  }

  /** Signs these claims. */
  public static String sign(String claims) {
    String head =
        base64url(
                "{\"alg\":\"HS256\",\"kid\":\"bench\",\"typ\":\"JWT\"}"
                    .getBytes(StandardCharsets.UTF_8))
            + "."
            + base64url(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return head + "." + base64url(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
