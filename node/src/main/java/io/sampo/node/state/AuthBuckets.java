package io.sampo.node.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.bucket.BucketSource;
import io.sampo.node.state.bucket.EntryBucket;
import io.sampo.node.state.bucket.IndexedBucket;
import io.sampo.protocol.authpb.Role;
import io.sampo.protocol.authpb.User;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Users and roles as the buckets of etcd's database (etcd 3.7.1, storage/schema/auth*.go). */
final class AuthBuckets {
  private static final String ENABLED = "authEnabled";
  private static final String REVISION = "authRevision";

  private AuthBuckets() {}

  /**
   * Whether authentication is on, and its revision. etcd writes the former when it is first turned
   * on; until then it is left out here, as there.
   */
  static EntryBucket auth(AuthTable table) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    if (table.everEnabled()) {
      entries.put(ENABLED.getBytes(UTF_8), new byte[] {(byte) (table.enabled() ? 1 : 0)});
    }
    entries.put(
        REVISION.getBytes(UTF_8),
        ByteBuffer.allocate(Long.BYTES).putLong(table.revision()).array());
    return EntryBucket.of("auth", entries);
  }

  static IndexedBucket<User> users(AuthTable table) {
    return bucket(
        "authUsers", List.copyOf(table.users().values()), user -> user.getName().toByteArray());
  }

  static IndexedBucket<Role> roles(AuthTable table) {
    return bucket(
        "authRoles", List.copyOf(table.roles().values()), role -> role.getName().toByteArray());
  }

  private static <T extends MessageLite> IndexedBucket<T> bucket(
      String name, List<T> items, Function<T, byte[]> key) {
    return new IndexedBucket<>(
        name,
        () -> new IndexedBucket.Items<>(items.size(), items::get),
        new IndexedBucket.Codec<>() {
          @Override
          public byte[] key(T item) {
            return key.apply(item);
          }

          @Override
          public byte[] value(T item) {
            return item.toByteArray();
          }
        });
  }

  /**
   * What a snapshot, ours or etcd's, says.
   *
   * @throws IllegalArgumentException if a user or role is damaged
   */
  static AuthTable load(BucketSource source) throws IOException {
    Map<String, byte[]> auth = new HashMap<>();
    source.forEach("auth", (key, value) -> auth.put(new String(key, UTF_8), value));
    Map<String, User> users = new HashMap<>();
    source.forEach("authUsers", (key, value) -> users.put(new String(key, UTF_8), user(value)));
    Map<String, Role> roles = new HashMap<>();
    source.forEach("authRoles", (key, value) -> roles.put(new String(key, UTF_8), role(value)));
    byte[] enabled = auth.get(ENABLED);
    byte[] revision = auth.get(REVISION);
    return AuthTable.of(
        enabled != null,
        enabled != null && enabled.length == 1 && enabled[0] == 1,
        revision == null ? 0 : ByteBuffer.wrap(revision).getLong(),
        users,
        roles);
  }

  private static User user(byte[] stored) {
    try {
      return User.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a damaged user", e);
    }
  }

  private static Role role(byte[] stored) {
    try {
      return Role.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a damaged role", e);
    }
  }
}
