package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;

/** A client with the token of a user, who takes another one when it is none any more. */
abstract class UserSession extends SequentialClient {
  private static final long TIMEOUT_NANOS = 3_000 * MILLI;

  final String user;
  final Users users;
  SimMember member;

  /** Null while there is none. */
  private String token;

  /** How often each member had been started when the token was given. */
  private final Map<SimMember, Integer> starts = new IdentityHashMap<>();

  UserSession(String name, String user, Users users, SimCluster cluster, Caller caller) {
    super(name, cluster, caller, TIMEOUT_NANOS);
    this.user = user;
    this.users = users;
    this.member = anyMember();
  }

  final boolean hasToken() {
    return token != null;
  }

  /** As the member is to see it: here a known bug may leave a check out. */
  final Metadata metadata(SimMember at, Message request) {
    Metadata own = token == null ? null : new MetadataBuilder().addText("token", token).build();
    return cluster.mutation().metadata(at, request, own);
  }

  /** Asks once for a token, then goes on, with or without one. */
  final void authenticate(Runnable then) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setName(user)
            .setPassword(users.password(user, random))
            .build();
    call(
        member,
        request,
        services -> services.auth().authenticate(request, null),
        call -> {
          if (call.response() instanceof AuthenticateResponse answer) {
            token = answer.getToken();
            starts.clear();
            cluster.members().forEach(each -> starts.put(each, each.starts()));
          } else {
            member = anyMember();
          }
          then.run();
        });
  }

  /** Learns from a refusal; other failures lead to another member. */
  final void failed(SimMember at, Throwable error) {
    EtcdException why = reason(error);
    if (EtcdError.INVALID_AUTH_TOKEN.is(why)) {
      if (at.starts() > starts.getOrDefault(at, at.starts())) {
        cluster.probes().hit(Probe.TOKEN_OF_A_MEMBER_THAT_DIED);
      }
      token = null;
    } else if (EtcdError.AUTH_OLD_REVISION.is(why)) {
      cluster.probes().hit(Probe.OLD_AUTH_REVISION);
      token = null;
    } else if (EtcdError.PERMISSION_DENIED.is(why)) {
      cluster.probes().hit(Probe.PERMISSION_DENIED);
    } else {
      member = anyMember();
    }
    if (random.nextInt(10) == 0) {
      member = anyMember();
    }
  }

  static EtcdException reason(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause instanceof EtcdException known ? known : null;
  }
}
