package org.powersync.jakarta.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens and keys for tests, by the JDK alone. */
final class TestTokens {
  static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  static final String AUDIENCE = "tests";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TestTokens() {}

  /** Claims of user {@code f1}, good for five minutes; changeable. */
  static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", "f1");
    claims.put("aud", AUDIENCE);
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.getEpochSecond() + 300);
    return claims;
  }

  static Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = claims();
    claims.put(name, value);
    return claims;
  }

  static Map<String, Object> claimsWithout(String name) {
    Map<String, Object> claims = claims();
    claims.remove(name);
    return claims;
  }

  /** A header; without key id if null. */
  static Map<String, Object> header(String algorithm, String kid) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm);
    if (kid != null) {
      header.put("kid", kid);
    }
    return header;
  }

  static String hmac(String algorithm, String kid, byte[] secret, Map<String, Object> claims) {
    return hmac(header(algorithm, kid), secret, json(claims));
  }

  static String hmac(Map<String, Object> header, byte[] secret, byte[] payload) {
    String name = "HmacSHA" + String.valueOf(header.get("alg")).substring(2);
    String signed = encode(json(header)) + "." + encode(payload);
    try {
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return signed + "." + encode(mac.doFinal(ascii(signed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hs256(String kid, String secret, Map<String, Object> claims) {
    return hmac("HS256", kid, secret.getBytes(StandardCharsets.UTF_8), claims);
  }

  static String sign(String algorithm, String kid, PrivateKey key, Map<String, Object> claims) {
    String name =
        switch (algorithm.substring(0, 2)) {
          case "RS" -> "SHA" + algorithm.substring(2) + "withRSA";
          case "ES" -> "SHA" + algorithm.substring(2) + "withECDSAinP1363Format";
          default -> "EdDSA";
        };
    String signed = encode(json(header(algorithm, kid))) + "." + encode(json(claims));
    try {
      Signature signature = Signature.getInstance(name);
      signature.initSign(key);
      signature.update(ascii(signed));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair rsa(int bits) {
    return pair("RSA", generator -> generator.initialize(bits));
  }

  /** A pair of {@code P-256}, {@code P-384} or {@code P-521}. */
  static KeyPair ellipticCurve(String curve) {
    String name = "secp" + curve.substring(2) + "r1";
    return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(name)));
  }

  /** A pair of {@code Ed25519} or {@code Ed448}. */
  static KeyPair edwardsCurve(String curve) {
    return pair(curve, generator -> {});
  }

  private interface Setup {
    void apply(KeyPairGenerator generator) throws GeneralSecurityException;
  }

  private static KeyPair pair(String algorithm, Setup setup) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      setup.apply(generator);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A shared secret as JWK. */
  static Map<String, Object> jwk(String algorithm, String kid, byte[] secret) {
    Map<String, Object> jwk = jwk("oct", algorithm, kid);
    jwk.put("k", encode(secret));
    return jwk;
  }

  /** A public key as JWK, without algorithm and key id where they are null. */
  static Map<String, Object> jwk(String algorithm, String kid, PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      Map<String, Object> jwk = jwk("RSA", algorithm, kid);
      jwk.put("n", Base64URL.encode(rsa.getModulus()).toString());
      jwk.put("e", Base64URL.encode(rsa.getPublicExponent()).toString());
      return jwk;
    }
    if (key instanceof ECPublicKey ec) {
      int bits = ec.getParams().getCurve().getField().getFieldSize();
      Map<String, Object> jwk = jwk("EC", algorithm, kid);
      jwk.put("crv", "P-" + bits);
      jwk.put("x", coordinate(ec.getW().getAffineX().toByteArray(), bits));
      jwk.put("y", coordinate(ec.getW().getAffineY().toByteArray(), bits));
      return jwk;
    }
    byte[] encoded = key.getEncoded();
    boolean small = encoded.length < 50;
    Map<String, Object> jwk = jwk("OKP", algorithm, kid);
    jwk.put("crv", small ? "Ed25519" : "Ed448");
    jwk.put(
        "x",
        encode(Arrays.copyOfRange(encoded, encoded.length - (small ? 32 : 57), encoded.length)));
    return jwk;
  }

  private static String coordinate(byte[] number, int bits) {
    byte[] padded = new byte[(bits + 7) / 8];
    int from = Math.max(0, number.length - padded.length);
    int length = number.length - from;
    System.arraycopy(number, from, padded, padded.length - length, length);
    return encode(padded);
  }

  private static Map<String, Object> jwk(String type, String algorithm, String kid) {
    Map<String, Object> jwk = new LinkedHashMap<>();
    jwk.put("kty", type);
    if (algorithm != null) {
      jwk.put("alg", algorithm);
    }
    if (kid != null) {
      jwk.put("kid", kid);
    }
    return jwk;
  }

  static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(byte[] bytes) {
    return Base64URL.encode(bytes).toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
