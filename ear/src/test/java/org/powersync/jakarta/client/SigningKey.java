package org.powersync.jakarta.client;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key for tokens of users, of any algorithm that the service knows; by the JDK alone. */
public final class SigningKey {
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "RS256", "SHA256withRSA",
          "RS384", "SHA384withRSA",
          "RS512", "SHA512withRSA",
          "ES256", "SHA256withECDSAinP1363Format",
          "ES384", "SHA384withECDSAinP1363Format",
          "ES512", "SHA512withECDSAinP1363Format");

  private final String algorithm;
  private final String jwk;
  private final Signing signing;

  private interface Signing {
    byte[] sign(byte[] text) throws GeneralSecurityException;
  }

  private SigningKey(String algorithm, String jwk, Signing signing) {
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.signing = signing;
  }

  /**
   * @param name of an algorithm, or {@code Ed25519} or {@code Ed448}, which are both EdDSA; also
   *     the key id
   */
  public static SigningKey of(String name) throws GeneralSecurityException {
    return switch (name.substring(0, 2)) {
      case "HS" -> hmac(name);
      case "RS" -> rsa(name);
      case "ES" -> ec(name);
      default -> edwards(name);
    };
  }

  private static SigningKey hmac(String name) {
    byte[] secret = name.repeat(16).getBytes(StandardCharsets.US_ASCII);
    return new SigningKey(
        name,
        jwk(name, "oct", "\"k\":\"" + base64url(secret) + "\""),
        text -> {
          String mac = "HmacSHA" + name.substring(2);
          Mac hmac = Mac.getInstance(mac);
          hmac.init(new SecretKeySpec(secret, mac));
          return hmac.doFinal(text);
        });
  }

  private static SigningKey rsa(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    String members =
        "\"n\":\"%s\",\"e\":\"%s\""
            .formatted(number(key.getModulus(), 256), number(key.getPublicExponent(), 3));
    return new SigningKey(name, jwk(name, "RSA", members), signing(SIGNATURES.get(name), pair));
  }

  private static SigningKey ec(String name) throws GeneralSecurityException {
    int bits = name.equals("ES512") ? 521 : Integer.parseInt(name.substring(2));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
    KeyPair pair = generator.generateKeyPair();
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    int length = (bits + 7) / 8;
    String members =
        "\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\""
            .formatted(
                bits,
                number(key.getW().getAffineX(), length),
                number(key.getW().getAffineY(), length));
    return new SigningKey(name, jwk(name, "EC", members), signing(SIGNATURES.get(name), pair));
  }

  private static SigningKey edwards(String name) throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance(name).generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    int length = name.equals("Ed25519") ? 32 : 57;
    byte[] key = Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
    String members = "\"crv\":\"%s\",\"x\":\"%s\"".formatted(name, base64url(key));
    return new SigningKey("EdDSA", jwk(name, "OKP", members), signing(name, pair));
  }

  private static Signing signing(String algorithm, KeyPair pair) {
    return text -> {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      signature.update(text);
      return signature.sign();
    };
  }

  /** The key as it stands in {@code client_auth.jwks.keys}. */
  public String jwk() {
    return jwk;
  }

  /** A token with these claims, signed by the key of that id. */
  public String token(String keyId, String claims) throws GeneralSecurityException {
    String signed =
        base64url(
                "{\"alg\":\"%s\",\"kid\":\"%s\"}"
                    .formatted(algorithm, keyId)
                    .getBytes(StandardCharsets.UTF_8))
            + "."
            + base64url(claims.getBytes(StandardCharsets.UTF_8));
    return signed + "." + base64url(signing.sign(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String jwk(String name, String type, String members) {
    String algorithm = type.equals("OKP") ? "EdDSA" : name;
    return "{\"kid\":\"%s\",\"kty\":\"%s\",\"alg\":\"%s\",%s}"
        .formatted(name, type, algorithm, members);
  }

  private static String number(BigInteger number, int length) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[length];
    int used = Math.min(signed.length, length);
    System.arraycopy(signed, signed.length - used, bytes, length - used, used);
    return base64url(bytes);
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
