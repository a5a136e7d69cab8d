package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import io.sampo.node.server.Services;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Takes a lease, hangs keys on it, keeps it alive for a while, and revokes or forgets it. */
public final class LeaseClient extends SequentialClient {
  private static final long TIMEOUT_NANOS = 3_000 * MILLI;

  private SimMember member;
  private long lease;
  private long ttlSeconds;
  private int renewals;
  private int puts;

  public LeaseClient(String name, SimCluster cluster, Caller caller) {
    super(name, cluster, caller, TIMEOUT_NANOS);
    another();
  }

  public void start() {
    again(this::grant);
  }

  /** Only the leader renews. */
  private void another() {
    SimMember any = anyMember();
    member = random.nextBoolean() ? cluster.leader().orElse(any) : any;
  }

  private void again(Runnable next) {
    after(random.nextLong(500 * MILLI), next);
  }

  private void grant() {
    ttlSeconds = 1 + random.nextInt(4);
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
    call(
        member,
        request,
        services -> services.lease().leaseGrant(request, null),
        call -> {
          if (call.response() instanceof LeaseGrantResponse granted) {
            lease = granted.getID();
            ttlSeconds = granted.getTTL();
            renewals = random.nextInt(8);
            again(this::put);
          } else {
            another();
            again(this::grant);
          }
        });
  }

  private void put() {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(Keys.leased(name, random.nextInt(3)))
            .setValue(ByteString.copyFromUtf8(name + ":" + ++puts))
            .setLease(lease)
            .build();
    call(member, request, services -> services.kv().put(request, null), call -> again(this::renew));
  }

  private void renew() {
    if (renewals-- <= 0) {
      end();
      return;
    }
    LeaseKeepAliveRequest request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    SimMember asked = member;
    call(
        asked,
        request,
        services -> keepAlive(asked, services, request),
        call -> {
          if (!(call.response() instanceof LeaseKeepAliveResponse renewed)) {
            another();
            after(random.nextLong(200 * MILLI), this::renew);
          } else if (renewed.getTTL() <= 0) {
            cluster.probes().hit(Probe.CLIENT_HEARD_THAT_ITS_LEASE_IS_GONE);
            again(this::grant);
          } else {
            cluster.probes().hit(Probe.LEASE_RENEWED);
            after(random.nextLong(ttlSeconds * 1_000 * MILLI * 2 / 3), this::renew);
          }
        });
  }

  private static CompletableFuture<LeaseKeepAliveResponse> keepAlive(
      SimMember member, Services services, LeaseKeepAliveRequest request) {
    CompletableFuture<LeaseKeepAliveResponse> answer = new CompletableFuture<>();
    services
        .lease()
        .leaseKeepAlive(Source.single(request), null)
        .mapError(
            new PFBuilder<Throwable, Throwable>()
                .matchAny(
                    failure -> {
                      answer.completeExceptionally(failure);
                      return failure;
                    })
                .build())
        .runWith(Sink.foreach(answer::complete), member.materializer());
    return answer;
  }

  private void end() {
    if (random.nextBoolean()) {
      again(this::grant);
      return;
    }
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    call(
        member,
        request,
        services -> services.lease().leaseRevoke(request, null),
        call -> again(this::grant));
  }
}
