package io.sampo.tests.sim.mutant;

import static io.sampo.tests.sim.mutant.Mutations.inActor;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.apply.Applier;
import io.sampo.node.auth.AccessGate;
import io.sampo.node.auth.Callers;
import io.sampo.node.auth.StreamAccess;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.request.Consensus;
import io.sampo.node.watch.WatchAuthorizer;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** Bugs of authentication: a check is left out. */
final class AuthMutants {
  /** As unsigned numbers are compared, newer than any. */
  private static final long NEWEST_REVISION = -1;

  static final List<Mutant> ALL =
      List.of(
          unchecked(
              "unchecked-serializable-range",
              "serializable ranges are not checked",
              (rules, request) -> request instanceof RangeRequest range && range.getSerializable()),
          unchecked(
              "unchecked-linearizable-range",
              "linearizable ranges are not checked",
              (rules, request) ->
                  request instanceof RangeRequest range && !range.getSerializable()),
          unchecked(
              "unchecked-put",
              "puts are not checked",
              (rules, request) -> request instanceof PutRequest),
          unchecked(
              "unchecked-deleted-values",
              "who deletes keys and is shown what they held need not be allowed to read them",
              (rules, request) -> {
                if (request instanceof DeleteRangeRequest delete) {
                  rules.delete(delete.toBuilder().clearPrevKv().build());
                }
                return request instanceof DeleteRangeRequest;
              }),
          unchecked(
              "unchecked-failure-branch",
              "the failure branch of a transaction is not checked",
              (rules, request) -> {
                if (request instanceof TxnRequest txn) {
                  rules.txn(txn.toBuilder().clearFailure().build());
                }
                return request instanceof TxnRequest;
              }),
          unchecked(
              "unchecked-lease-keys",
              "who puts a key to a lease need not be allowed to write the keys on it",
              (rules, request) -> {
                if (request instanceof PutRequest put) {
                  rules.put(put.toBuilder().clearLease().build());
                }
                return request instanceof PutRequest;
              }),
          new Mutant(
              "unchecked-watch",
              "a watch is created for anybody",
              () -> watching(AuthMutants::refusingNobody)),
          new Mutant(
              "deaf-watch",
              "a watch goes on when its user has lost the permission",
              () -> watching(access -> access::refusal)),
          new Mutant(
              "old-auth-revision",
              "what was asked for before users or roles changed is done after it",
              () -> inActor("applier", AuthMutants::renew)));

  private AuthMutants() {}

  private static Mutant unchecked(String name, String bug, AsRoot.Remaining remaining) {
    return new Mutant(name, bug, () -> new AsRoot(remaining));
  }

  /** Watch streams with other rules. */
  private static Mutation watching(Function<StreamAccess, WatchAuthorizer> rules) {
    return new Mutation() {
      @Override
      public Source<WatchResponse, NotUsed> watch(
          SimMember member, Source<WatchRequest, NotUsed> requests, Metadata metadata) {
        Consensus consensus = member.member().replica().consensus();
        AccessGate access =
            new AccessGate(
                consensus.gate(),
                consensus.state(),
                new Callers(consensus.state(), member.member().tokens(), false));
        return requests.via(
            member.member().watch().streams().responses(rules.apply(access.stream(metadata))));
      }
    };
  }

  private static WatchAuthorizer refusingNobody(StreamAccess access) {
    return new WatchAuthorizer() {
      @Override
      public EtcdException refusal(byte[] key, byte[] rangeEnd) {
        return null;
      }

      @Override
      public boolean hasChanged() {
        return access.hasChanged();
      }

      @Override
      public EtcdException loss(byte[] key, byte[] rangeEnd) {
        return access.loss(key, rangeEnd);
      }
    };
  }

  private static void renew(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof Applier.Apply apply) {
      List<Entry> entries =
          apply.committed().entries().stream()
              .map(entry -> Mutations.isRequest(entry) ? renewed(entry) : entry)
              .toList();
      next.accept(
          new Applier.Apply(new CommittedEntries(entries, apply.committed().recoveredTo())));
    } else {
      next.accept(message);
    }
  }

  private static Entry renewed(Entry entry) {
    try {
      InternalRaftRequest.Builder request =
          InternalRaftRequest.parseFrom(entry.getData()).toBuilder();
      if (request.getHeader().getAuthRevision() == 0) {
        return entry;
      }
      request.getHeaderBuilder().setAuthRevision(NEWEST_REVISION);
      return entry.toBuilder().setData(request.build().toByteString()).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
