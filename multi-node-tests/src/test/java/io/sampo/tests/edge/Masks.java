package io.sampo.tests.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What two servers cannot have in common is hidden; long bodies become a length and a digest. */
final class Masks {

  private static final int SHOWN = 400;
  private static final int GRPC_PREFIX = 5;
  private static final int HEADER_FIELD = 1;

  /**
   * Fields of etcd's JSON answers that come and go from one start to the next, where it listens
   * with and without TLS: its gateway calls itself by one of the two.
   */
  static final Pattern OF_ITSELF =
      Pattern.compile("grpc-metadata-(access-control-allow-.*|trailer)[:=].*");

  private Masks() {}

  /** A header line; lengths of bodies that hold ids are no two servers' same. */
  static String header(String line) {
    return line.replaceAll("(127\\.0\\.0\\.1|localhost):[0-9]+", "<address>");
  }

  /**
   * Go's JSON writer puts blanks between members, build by build, so that nobody relies on them.
   */
  static String body(String text) {
    String masked =
        text.replaceAll(
                "\"(cluster_id|member_id|revision|raft_term|watch_id)\":\"[0-9]+\"", "\"$1\":\"…\"")
            .replaceAll("(127\\.0\\.0\\.1|localhost):[0-9]+", "<address>")
            .replace("\u00c2\u00a0", " ")
            .replace("%C2%A0", " ")
            .replace('\u00a0', ' ')
            .replaceAll("\u0081~[\\s\\S]{2}(?=\\{)", "<text frame>");
    if (masked.startsWith("# HELP ")) {
      return "<metrics>";
    }
    if (masked.startsWith("{\n\"cmdline\"")) {
      return "<variables of Go>";
    }
    if (masked.startsWith("[+]")) {
      // etcd's checks come in the order of a Go map.
      masked = masked.lines().sorted().collect(Collectors.joining("\n"));
    }
    if (masked.startsWith("{\"")) {
      masked = masked.replaceAll("([,:]) +([\"{\\[])", "$1$2");
    }
    if (masked.length() <= SHOWN) {
      return masked;
    }
    return masked.substring(0, SHOWN / 4) + "... " + masked.length() + " bytes, " + digest(masked);
  }

  /** Text in which every octet can be seen. */
  static String visible(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      boolean plain = c >= ' ' && c < 0x7f || c == '\n' || c == '\u2026';
      out.append(plain ? String.valueOf(c) : "\\x%02x".formatted((int) c));
    }
    return out.toString();
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(text.getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The messages of a gRPC body without etcd's response header, which is their first field. */
  static String messages(byte[] body) {
    StringBuilder out = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(body);
    while (in.remaining() >= GRPC_PREFIX) {
      int compressed = in.get();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        return out + " cut: " + length + " of " + in.remaining() + " bytes came";
      }
      byte[] message = new byte[length];
      in.get(message);
      out.append(compressed == 0 ? " message{" : " compressed(" + compressed + "){");
      out.append(compressed == 0 ? fields(message) : "").append('}');
    }
    return in.hasRemaining() ? out + " and " + in.remaining() + " bytes" : out.toString();
  }

  private static String fields(byte[] message) {
    try {
      UnknownFieldSet all = UnknownFieldSet.parseFrom(message);
      UnknownFieldSet.Builder rest = UnknownFieldSet.newBuilder(all);
      if (!all.getField(HEADER_FIELD).getLengthDelimitedList().isEmpty()) {
        rest.clearField(HEADER_FIELD);
      }
      return body(TextFormat.printer().printToString(rest.build()).replaceAll("\\s+", " ").trim());
    } catch (InvalidProtocolBufferException e) {
      return body(new String(message, StandardCharsets.ISO_8859_1));
    }
  }
}
