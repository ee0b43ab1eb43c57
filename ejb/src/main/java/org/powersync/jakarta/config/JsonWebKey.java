package org.powersync.jakarta.config;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** A key that verifies tokens, imported from its JWK form (configuration section 8). */
public sealed interface JsonWebKey {
  /** Absent = a wildcard, tried for tokens whose key is not known by its id. */
  Optional<String> kid();

  /** The one algorithm of the key; absent = all of its family. */
  Optional<String> algorithm();

  Family family();

  /** The kind of key, and the algorithms it may be used with. */
  enum Family {
    RSA("RSA", List.of("RS256", "RS384", "RS512")),
    OCT("oct", List.of("HS256", "HS384", "HS512")),
    EC("EC", List.of("ES256", "ES384", "ES512")),
    OKP("OKP", List.of("EdDSA"));

    private final String kty;
    private final List<String> algorithms;

    Family(String kty, List<String> algorithms) {
      this.kty = kty;
      this.algorithms = algorithms;
    }

    public List<String> algorithms() {
      return algorithms;
    }

    static Optional<Family> of(Object kty) {
      return List.of(values()).stream().filter(family -> family.kty.equals(kty)).findFirst();
    }
  }

  /** A secret shared with whoever signs; of any length above zero. */
  record Shared(Optional<String> kid, Optional<String> algorithm, Secret secret)
      implements JsonWebKey {
    @Override
    public Family family() {
      return Family.OCT;
    }
  }

  /** The public half of a pair. */
  record Public(Optional<String> kid, Optional<String> algorithm, Family family, PublicKey key)
      implements JsonWebKey {
    @Override
    public String toString() {
      return "Public[kid=" + kid + ", algorithm=" + algorithm + ", family=" + family + "]";
    }
  }

  /** Whether a token with this algorithm may be verified with the key (sync API section 6.4). */
  default boolean fits(String tokenAlgorithm) {
    return family().algorithms().contains(tokenAlgorithm)
        && algorithm().map(tokenAlgorithm::equals).orElse(true);
  }

  /**
   * Imports a key; members that are not needed are ignored.
   *
   * @param members of the JWK as plain Java
   * @throws PowerSyncException PSYNC_S2201 saying which member is wrong, without its value
   */
  static JsonWebKey read(Map<String, ?> members) {
    Family family =
        Family.of(members.get("kty"))
            .orElseThrow(() -> invalid("kty must be one of RSA, oct, EC, OKP"));
    Optional<String> kid = optional(members, "kid");
    Optional<String> algorithm = optional(members, "alg");
    return switch (family) {
      case OCT -> new Shared(kid, algorithm, Secret.of(bytes(members, "k")));
      case RSA -> new Public(kid, algorithm, family, rsa(members));
      case EC -> new Public(kid, algorithm, family, ellipticCurve(members));
      case OKP -> new Public(kid, algorithm, family, edwardsCurve(members));
    };
  }

  private static PowerSyncException invalid(String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S2201, text);
  }

  private static Optional<String> optional(Map<String, ?> members, String name) {
    Object value = members.get(name);
    if (value != null && !(value instanceof String)) {
      throw invalid(name + " must be a text");
    }
    return Optional.ofNullable((String) value).filter(text -> !text.isEmpty());
  }

  private static String required(Map<String, ?> members, String name) {
    return optional(members, name).orElseThrow(() -> invalid(name + " is required"));
  }

  private static byte[] bytes(Map<String, ?> members, String name) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(required(members, name));
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Its text quotes the value; the one below says enough.
    }
    throw invalid(name + " must be base64url without blanks");
  }

  private static Base64URL number(Map<String, ?> members, String name) {
    return Base64URL.encode(bytes(members, name));
  }

  private static PublicKey rsa(Map<String, ?> members) {
    try {
      return new RSAKey.Builder(number(members, "n"), number(members, "e"))
          .build()
          .toRSAPublicKey();
    } catch (JOSEException | IllegalStateException e) {
      throw invalid("n and e are not an RSA key");
    }
  }

  private static PublicKey ellipticCurve(Map<String, ?> members) {
    String name = required(members, "crv");
    if (!List.of("P-256", "P-384", "P-521").contains(name)) {
      throw invalid("crv must be one of P-256, P-384, P-521");
    }
    try {
      Curve curve = Curve.parse(name);
      return new ECKey.Builder(curve, number(members, "x"), number(members, "y"))
          .build()
          .toECPublicKey();
    } catch (JOSEException | IllegalStateException | IllegalArgumentException e) {
      throw invalid("x and y are not a point of the curve");
    }
  }

  /** X.509 form: a fixed prefix of the curve and the raw key (RFC 8410). */
  private static PublicKey edwardsCurve(Map<String, ?> members) {
    String curve = required(members, "crv");
    String prefix =
        switch (curve) {
          case "Ed25519" -> "302a300506032b6570032100";
          case "Ed448" -> "3043300506032b6571033a00";
          default -> throw invalid("crv must be Ed25519 or Ed448");
        };
    byte[] raw = bytes(members, "x");
    if (raw.length != (curve.equals("Ed25519") ? 32 : 57)) {
      throw invalid("x has the wrong length for its curve");
    }
    byte[] der = HexFormat.of().parseHex(prefix + HexFormat.of().formatHex(raw));
    try {
      return KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw invalid("x is not a point of the curve");
    }
  }
}
