package org.powersync.jakarta.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.crypto.impl.HMAC;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.spec.SecretKeySpec;
import org.powersync.jakarta.config.JsonWebKey;

/**
 * Whether a key signed a token (sync API section 6.2, step 4). The caller has made sure that the
 * token's algorithm fits the key.
 */
final class SignatureCheck {
  private static final int MIN_RSA_BITS = 2048;

  private SignatureCheck() {}

  static boolean verifies(JsonWebKey key, JWSObject token) {
    try {
      if (key instanceof JsonWebKey.Shared shared) {
        return hmac(shared, token);
      }
      PublicKey publicKey = ((JsonWebKey.Public) key).key();
      return switch (key.family()) {
        case RSA -> rsa((RSAPublicKey) publicKey, token);
        case EC -> ellipticCurve((ECPublicKey) publicKey, token);
        case OKP -> edwardsCurve(publicKey, token);
        case OCT -> throw new IllegalArgumentException("not a public key");
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  /** Secrets shorter than the library's own verifier would take are in use. */
  private static boolean hmac(JsonWebKey.Shared key, JWSObject token) throws JOSEException {
    String algorithm = "HmacSHA" + token.getHeader().getAlgorithm().getName().substring(2);
    byte[] expected =
        HMAC.compute(
            new SecretKeySpec(key.secret().revealBytes(), algorithm),
            token.getSigningInput(),
            null);
    return MessageDigest.isEqual(expected, token.getSignature().decode());
  }

  private static boolean rsa(RSAPublicKey key, JWSObject token) throws JOSEException {
    return key.getModulus().bitLength() >= MIN_RSA_BITS && token.verify(new RSASSAVerifier(key));
  }

  private static boolean ellipticCurve(ECPublicKey key, JWSObject token) throws JOSEException {
    return ECDSA.resolveAlgorithm(key).equals(token.getHeader().getAlgorithm())
        && token.verify(new ECDSAVerifier(key));
  }

  /** The library needs a further one for Ed25519 and has no Ed448; the JDK has both. */
  private static boolean edwardsCurve(PublicKey key, JWSObject token)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("EdDSA");
    signature.initVerify(key);
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }
}
