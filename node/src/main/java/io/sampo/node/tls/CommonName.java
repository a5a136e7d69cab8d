package io.sampo.node.tls;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.asn1.ASN1;
import org.wildfly.security.asn1.ASN1Exception;
import org.wildfly.security.asn1.DERDecoder;

/**
 * Go's {@code pkix.Name.CommonName}: of several the last one as they stand in the certificate, also
 * of those that share a part with others. It is a user, so that another choice would be another
 * user.
 */
final class CommonName {
  private static final String OBJECT_IDENTIFIER = "2.5.4.3";
  private static final int NUMERIC_STRING_TYPE = 18;
  private static final int T61_STRING_TYPE = 20;

  private CommonName() {}

  /** Empty if there is none. */
  static String of(X500Principal subject) {
    try {
      return last(new DERDecoder(subject.getEncoded()));
    } catch (ASN1Exception e) {
      return "";
    }
  }

  private static String last(DERDecoder name) {
    String last = "";
    name.startSequence();
    while (name.hasNextElement()) {
      name.startSet();
      while (name.hasNextElement()) {
        name.startSequence();
        boolean isCommonName = name.decodeObjectIdentifier().equals(OBJECT_IDENTIFIER);
        Charset charset = charset(name.peekType());
        byte[] value = name.drainElementValue();
        if (isCommonName && charset != null) {
          last = new String(value, charset);
        }
        name.endSequence();
      }
      name.endSet();
    }
    name.endSequence();
    return last;
  }

  /** Null for what is no text to Go. */
  private static Charset charset(int type) {
    return switch (type) {
      case ASN1.UTF8_STRING_TYPE -> StandardCharsets.UTF_8;
      case ASN1.PRINTABLE_STRING_TYPE, ASN1.IA5_STRING_TYPE, NUMERIC_STRING_TYPE ->
          StandardCharsets.US_ASCII;
      case T61_STRING_TYPE -> StandardCharsets.ISO_8859_1;
      case ASN1.BMP_STRING_TYPE -> StandardCharsets.UTF_16BE;
      default -> null;
    };
  }
}
