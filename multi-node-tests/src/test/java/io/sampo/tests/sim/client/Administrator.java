package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.auth.AuthService;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthEnableRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/** Turns authentication on, then changes users, roles, permissions and passwords for ever. */
public final class Administrator extends UserSession {
  private final long pauseNanos;

  /** What has to be done first, in order. */
  private final Deque<Message> due = new ArrayDeque<>();

  private boolean on;

  /**
   * @param pauseNanos the mean time between two changes
   */
  public Administrator(
      String name, long pauseNanos, Users users, SimCluster cluster, Caller caller) {
    super(name, Users.ROOT, users, cluster, caller);
    this.pauseNanos = pauseNanos;
    due.add(AuthRoleAddRequest.newBuilder().setName(Users.ROOT).build());
    due.add(user(Users.ROOT));
    due.add(grantRole(Users.ROOT, Users.ROOT));
    for (String role : Users.ROLES) {
      due.add(AuthRoleAddRequest.newBuilder().setName(role).build());
      due.add(grant(role));
    }
    for (int i = 0; i < Users.NAMES.size(); i++) {
      due.add(user(Users.NAMES.get(i)));
      due.add(grantRole(Users.NAMES.get(i), Users.ROLES.get(i)));
    }
    due.add(AuthEnableRequest.getDefaultInstance());
  }

  public void start() {
    after(random.nextLong(due.isEmpty() ? 2 * pauseNanos : 10 * MILLI), this::next);
  }

  private void next() {
    if (on && !hasToken()) {
      authenticate(this::start);
      return;
    }
    if (due.isEmpty()) {
      plan();
    }
    Message request = due.getFirst();
    SimMember at = member;
    call(
        at,
        request,
        services -> ask(services.auth(), metadata(at, request), request),
        call -> {
          EtcdException why = reason(call.error());
          boolean refused = why != null && isOfTheRequest(why);
          if (call.succeeded() || refused) {
            on |= request instanceof AuthEnableRequest;
            due.removeFirst();
          } else {
            failed(at, call.error());
            // It may have been turned on by a request whose answer was lost.
            on |= why != null && why.text().contains("user name is empty");
          }
          start();
        });
  }

  /** Whether it would not help to ask again. */
  private static boolean isOfTheRequest(EtcdException why) {
    return why.text().contains("already exists")
        || why.text().contains("not found")
        || why.text().contains("not granted");
  }

  private void plan() {
    String role = Users.ROLES.get(random.nextInt(Users.ROLES.size()));
    String name = Users.NAMES.get(random.nextInt(Users.NAMES.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> due.add(grant(role));
      case 3, 4, 5 -> due.add(revoke(role));
      case 6, 7 -> due.add(grantRole(name, role));
      case 8, 9 ->
          due.add(AuthUserRevokeRoleRequest.newBuilder().setName(name).setRole(role).build());
      case 10 -> {
        due.add(AuthRoleDeleteRequest.newBuilder().setRole(role).build());
        due.add(AuthRoleAddRequest.newBuilder().setName(role).build());
        due.add(grant(role));
      }
      default -> {
        if (random.nextBoolean()) {
          due.add(
              AuthUserChangePasswordRequest.newBuilder()
                  .setName(name)
                  .setPassword(users.newPassword(name))
                  .build());
        } else {
          due.add(AuthUserDeleteRequest.newBuilder().setName(name).build());
          due.add(user(name));
          due.add(grantRole(name, role));
        }
      }
    }
  }

  private AuthUserAddRequest user(String name) {
    return AuthUserAddRequest.newBuilder()
        .setName(name)
        .setPassword(users.newPassword(name))
        .build();
  }

  private static AuthUserGrantRoleRequest grantRole(String user, String role) {
    return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build();
  }

  private AuthRoleGrantPermissionRequest grant(String role) {
    ByteString key = Users.key(random);
    Permission.Type[] types = {
      Permission.Type.READ, Permission.Type.WRITE, Permission.Type.READWRITE
    };
    return AuthRoleGrantPermissionRequest.newBuilder()
        .setName(role)
        .setPerm(
            Permission.newBuilder()
                .setPermType(types[random.nextInt(types.length)])
                .setKey(key)
                .setRangeEnd(endIn(role, key)))
        .build();
  }

  private AuthRoleRevokePermissionRequest revoke(String role) {
    ByteString key = Users.key(random);
    return AuthRoleRevokePermissionRequest.newBuilder()
        .setRole(role)
        .setKey(key)
        .setRangeEnd(endIn(role, key))
        .build();
  }

  /** One range for each key of a role: what etcd does with several of one key is not meant here. */
  private static ByteString endIn(String role, ByteString key) {
    int number = key.byteAt(1) - 'a';
    return switch ((number + Users.ROLES.indexOf(role)) % 4) {
      case 0 -> Keys.toTheEnd();
      case 1 -> Keys.key(number + 2);
      default -> ByteString.EMPTY;
    };
  }

  private static CompletionStage<Message> ask(
      AuthService auth, Metadata metadata, Message request) {
    return answer(auth, metadata, request).thenApply(response -> response);
  }

  private static CompletionStage<? extends Message> answer(
      AuthService auth, Metadata metadata, Message request) {
    if (request instanceof AuthEnableRequest enable) {
      return auth.authEnable(enable, metadata);
    } else if (request instanceof AuthUserAddRequest add) {
      return auth.userAdd(add, metadata);
    } else if (request instanceof AuthUserDeleteRequest delete) {
      return auth.userDelete(delete, metadata);
    } else if (request instanceof AuthUserChangePasswordRequest change) {
      return auth.userChangePassword(change, metadata);
    } else if (request instanceof AuthUserGrantRoleRequest grant) {
      return auth.userGrantRole(grant, metadata);
    } else if (request instanceof AuthUserRevokeRoleRequest revoke) {
      return auth.userRevokeRole(revoke, metadata);
    } else if (request instanceof AuthRoleAddRequest add) {
      return auth.roleAdd(add, metadata);
    } else if (request instanceof AuthRoleDeleteRequest delete) {
      return auth.roleDelete(delete, metadata);
    } else if (request instanceof AuthRoleGrantPermissionRequest grant) {
      return auth.roleGrantPermission(grant, metadata);
    } else if (request instanceof AuthRoleRevokePermissionRequest revoke) {
      return auth.roleRevokePermission(revoke, metadata);
    }
    throw new IllegalStateException("not asked by an administrator: " + request);
  }
}
