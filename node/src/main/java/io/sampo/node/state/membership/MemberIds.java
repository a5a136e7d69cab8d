package io.sampo.node.state.membership;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Ids as etcd writes them in headers and paths: hexadecimal, lower case, without leading zeros. */
public final class MemberIds {
  private MemberIds() {}

  public static String format(long id) {
    return Long.toHexString(id);
  }

  /** Empty if this is no id. */
  public static OptionalLong parse(String text) {
    if (text.isEmpty() || text.charAt(0) == '+' || text.charAt(0) == '-') {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text, 16));
    } catch (NumberFormatException notAnId) {
      return OptionalLong.empty();
    }
  }

  /**
   * The id of a new member (etcd 3.7.1, NewMember): the first eight bytes of SHA-1 over its sorted
   * peer URLs and a text, read big endian.
   *
   * @param text the cluster's token, or for an added member the second in which it was added
   */
  public static long compute(Collection<String> peerUrls, String text) {
    String urls = peerUrls.stream().sorted().collect(Collectors.joining());
    return firstEightBytes((urls + text).getBytes(StandardCharsets.UTF_8));
  }

  /** A cluster's id: the same over its first members' ids, sorted without sign, each big endian. */
  public static long clusterId(Collection<Long> memberIds) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * memberIds.size());
    memberIds.stream().sorted(Long::compareUnsigned).forEach(bytes::putLong);
    return firstEightBytes(bytes.array());
  }

  private static long firstEightBytes(byte[] input) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(input)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
