package io.sampo.node.state.auth;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.util.Base64;

/**
 * The form in which a logged request carries a password: bcrypt's, in base64. etcd before 3.5 wrote
 * passwords in plain text, of which etcd 3.7 has each member make a hash of its own; such an entry
 * gives a user with whom nobody can log in until the password is changed.
 */
final class Passwords {
  /** Not among etcd's errors by design, so it shows as Go's text of it. */
  private static final EtcdException UNREADABLE =
      new EtcdException(
          Status.Code.UNKNOWN,
          "auth: authentication failed, password was given for no password user");

  private Passwords() {}

  /**
   * The hash.
   *
   * @param hashed as Go's standard decoder takes it: padded, line breaks allowed
   * @throws EtcdException if it is no base64
   */
  static ByteString decode(String hashed) {
    String text = hashed.replace("\n", "").replace("\r", "");
    if (text.length() % 4 != 0) {
      throw UNREADABLE;
    }
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw UNREADABLE;
    }
  }
}
