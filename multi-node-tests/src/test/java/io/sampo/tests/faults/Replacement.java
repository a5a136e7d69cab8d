package io.sampo.tests.faults;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.Member;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberAddResponse;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.MemberPromoteRequest;
import io.sampo.protocol.etcdserverpb.MemberPromoteResponse;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Puts new members in the place of all old ones, one after another, as an operator would. */
final class Replacement {
  private final FaultyCluster cluster;
  private final Consumer<String> lines;

  Replacement(FaultyCluster cluster, Consumer<String> lines) {
    this.cluster = cluster;
    this.lines = lines;
  }

  /**
   * Replaces every member there is now.
   *
   * @param between is run after each
   */
  void ofAll(Runnable between) {
    for (ServerUnderTest old : List.copyOf(cluster.members())) {
      replace(old);
      cluster.awaitServing();
      between.run();
    }
  }

  private void replace(ServerUnderTest old) {
    ServerUnderTest asked = cluster.members().get(cluster.members().indexOf(old) + 1);
    ServerUnderTest fresh = cluster.join(old.name() + "-new");
    MemberAddResponse added =
        ask(
            asked,
            "Add",
            MemberAddRequest.newBuilder().addPeerURLs(fresh.peerUrl()).setIsLearner(true).build(),
            MemberAddResponse.getDefaultInstance());
    lines.accept("added " + fresh.name() + " as a learner");
    fresh.launch();
    ask(
        asked,
        "Promote",
        MemberPromoteRequest.newBuilder().setID(added.getMember().getID()).build(),
        MemberPromoteResponse.getDefaultInstance());
    lines.accept("promoted " + fresh.name());
    long id = id(asked, old.name());
    ask(
        asked,
        "Remove",
        MemberRemoveRequest.newBuilder().setID(id).build(),
        MemberRemoveResponse.getDefaultInstance());
    int code = old.awaitExit(FaultyCluster.PATIENCE);
    lines.accept("removed " + old.name() + ", which ended with code " + code);
    cluster.drop(old);
  }

  private static long id(ServerUnderTest asked, String name) {
    MemberListResponse members =
        ask(
            asked,
            "List",
            MemberListRequest.newBuilder().setLinearizable(true).build(),
            MemberListResponse.getDefaultInstance());
    return members.getMembersList().stream()
        .filter(each -> each.getName().equals(name))
        .mapToLong(Member::getID)
        .findFirst()
        .orElseThrow();
  }

  /** Asks until it is granted: not in sync, not healthy for long enough, electing. */
  private static <A extends Message> A ask(
      ServerUnderTest asked, String what, Message request, A answer) {
    AtomicReference<A> granted = new AtomicReference<>();
    AtomicReference<StatusRuntimeException> refused = new AtomicReference<>();
    try (GrpcClient client = new GrpcClient(asked.endpoint())) {
      Await.until(
          FaultyCluster.PATIENCE,
          () -> "Member" + what + ": " + refused.get(),
          () -> {
            try {
              granted.set(client.call("/etcdserverpb.Cluster/Member" + what, request, answer));
              return true;
            } catch (StatusRuntimeException e) {
              refused.set(e);
              return false;
            }
          });
    }
    return granted.get();
  }
}
