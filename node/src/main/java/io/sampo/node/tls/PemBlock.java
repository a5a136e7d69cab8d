package io.sampo.node.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;

/**
 * What stands between a BEGIN and an END line (RFC 7468), with the headers of older tools.
 *
 * @param type such as {@code CERTIFICATE}
 * @param encrypted by a header; {@code der} is then no DER
 */
public record PemBlock(String type, boolean encrypted, byte[] der) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** All blocks of a file in their order; text around them and blocks that are none are skipped. */
  public static List<PemBlock> all(byte[] file) {
    List<PemBlock> blocks = new ArrayList<>();
    Iterator<String> lines = new String(file, StandardCharsets.ISO_8859_1).lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next().strip();
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        String type = line.substring(BEGIN.length(), line.length() - DASHES.length());
        addBlock(type, lines, blocks);
      }
    }
    return blocks;
  }

  private static void addBlock(String type, Iterator<String> lines, List<PemBlock> blocks) {
    StringBuilder base64 = new StringBuilder();
    boolean encrypted = type.equals("ENCRYPTED PRIVATE KEY");
    while (lines.hasNext()) {
      String line = lines.next().strip();
      if (line.startsWith(END)) {
        decode(base64.toString(), type, encrypted, blocks);
        return;
      }
      if (line.indexOf(':') >= 0) {
        encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
      } else {
        base64.append(line);
      }
    }
  }

  private static void decode(String base64, String type, boolean encrypted, List<PemBlock> blocks) {
    try {
      blocks.add(new PemBlock(type, encrypted, Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      // As Go does: what is no base64 is no block, and whoever misses one says so.
      return;
    }
  }

  boolean isKey() {
    return type.equals("PRIVATE KEY") || type.endsWith(" PRIVATE KEY");
  }

  boolean isCertificate() {
    return type.equals("CERTIFICATE");
  }
}
