package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.node.server.Services;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.concurrent.CompletionStage;

/** Reads and writes in the name of a user, one request after another. */
public final class UserClient extends UserSession {
  private static final long THINK_NANOS = 50 * MILLI;

  private final UserListener listener;
  private final UserRequests requests;

  public UserClient(
      String name, int number, Users users, SimCluster cluster, Caller caller, UserListener heard) {
    super(name, Users.NAMES.get(number % Users.NAMES.size()), users, cluster, caller);
    this.listener = heard;
    this.requests = new UserRequests(name, users, random);
  }

  public void start() {
    after(random.nextLong(THINK_NANOS), this::next);
  }

  private void next() {
    if (!hasToken()) {
      authenticate(this::start);
      return;
    }
    Message request = requests.next();
    SimMember at = member;
    call(
        at,
        request,
        services -> ask(services, at, request),
        call -> {
          listener.onCall(user, call);
          if (call.response() instanceof LeaseGrantResponse granted) {
            users.granted(granted.getID());
          } else if (EtcdError.LEASE_NOT_FOUND.is(reason(call.error()))) {
            users.granted(0);
          } else if (!call.succeeded()) {
            failed(at, call.error());
          }
          start();
        });
  }

  private CompletionStage<Message> ask(Services services, SimMember at, Message request) {
    return answer(services, at, request).thenApply(response -> response);
  }

  private CompletionStage<? extends Message> answer(
      Services services, SimMember at, Message request) {
    var metadata = metadata(at, request);
    if (request instanceof RangeRequest range) {
      return services.kv().range(range, metadata);
    } else if (request instanceof PutRequest put) {
      return services.kv().put(put, metadata);
    } else if (request instanceof DeleteRangeRequest delete) {
      return services.kv().deleteRange(delete, metadata);
    } else if (request instanceof TxnRequest txn) {
      return services.kv().txn(txn, metadata);
    } else if (request instanceof LeaseGrantRequest grant) {
      return services.lease().leaseGrant(grant, metadata);
    } else if (request instanceof LeaseRevokeRequest revoke) {
      return services.lease().leaseRevoke(revoke, metadata);
    }
    throw new IllegalStateException("not asked by users: " + request);
  }
}
