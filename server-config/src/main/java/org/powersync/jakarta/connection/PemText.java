package org.powersync.jakarta.connection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in PEM form (RFC 7468). Keys may be PKCS#8, PKCS#1 (RSA) or SEC1
 * (EC); Java itself only reads the first.
 */
final class PemText {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final byte[] RSA_ALGORITHM = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC_KEY_OID = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int PARAMETERS = 0xa0;

  private PemText() {}

  /**
   * All certificates of a text, at least one.
   *
   * @throws GeneralSecurityException if there is none or one is damaged
   */
  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      if (blocks.group(1).endsWith("CERTIFICATE")) {
        ByteArrayInputStream der = new ByteArrayInputStream(decode(blocks.group(2)));
        certificates.add((X509Certificate) factory.generateCertificate(der));
      }
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return certificates;
  }

  /**
   * The first private key of a text.
   *
   * @throws GeneralSecurityException if there is none, or it is encrypted or damaged
   */
  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      byte[] der = decode(blocks.group(2));
      switch (blocks.group(1)) {
        case "PRIVATE KEY":
          return fromPkcs8(der);
        case "RSA PRIVATE KEY":
          return fromPkcs8(pkcs8(RSA_ALGORITHM, der));
        case "EC PRIVATE KEY":
          return fromPkcs8(pkcs8(element(SEQUENCE, join(EC_KEY_OID, curveOf(der))), der));
        default:
          // Parameters or certificates may stand before the key.
      }
    }
    throw new GeneralSecurityException("no unencrypted private key");
  }

  private static byte[] decode(String base64) throws GeneralSecurityException {
    try {
      return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("not Base64");
    }
  }

  private static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // A key of another algorithm; the next one may read it.
        continue;
      }
    }
    throw new GeneralSecurityException("unknown kind of key");
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, join(VERSION_0, algorithm, element(OCTET_STRING, key)));
  }

  /** The curve's object identifier, which SEC1 keeps in element [0] behind version and key. */
  private static byte[] curveOf(byte[] sec1) throws GeneralSecurityException {
    ByteBuffer key = ByteBuffer.wrap(content(ByteBuffer.wrap(sec1), SEQUENCE));
    while (key.hasRemaining()) {
      int tag = key.get(key.position()) & 0xff;
      byte[] content = content(key, tag);
      if (tag == PARAMETERS) {
        return content;
      }
    }
    throw new GeneralSecurityException("EC key without curve");
  }

  private static byte[] content(ByteBuffer der, int tag) throws GeneralSecurityException {
    if (der.remaining() < 2 || (der.get() & 0xff) != tag) {
      throw new GeneralSecurityException("damaged key");
    }
    int length = der.get() & 0xff;
    if (length > 0x80 && length <= 0x83 && der.remaining() >= length - 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | der.get() & 0xff;
      }
    }
    if (length > der.remaining()) {
      throw new GeneralSecurityException("damaged key");
    }
    byte[] content = new byte[length];
    der.get(content);
    return content;
  }

  private static byte[] element(int tag, byte[] content) {
    int length = content.length;
    byte[] header =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return join(header, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
