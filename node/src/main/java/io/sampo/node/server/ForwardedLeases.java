package io.sampo.node.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.api.LeaderLeases;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.leasepb.LeaseInternalRequest;
import io.sampo.protocol.leasepb.LeaseInternalResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import scala.concurrent.ExecutionContext;

/** Questions about leases go to the leader's peer URLs (etcd 3.7.1, server/v3_server.go). */
final class ForwardedLeases implements LeaderLeases {
  /** Between two rounds over the leader's URLs. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** After how long a member that has not answered is looked at. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final PeerClient client;
  private final Supplier<RaftStatus> status;
  private final Supplier<ClusterState> cluster;
  private final Scheduler scheduler;
  private final ExecutionContext executor;
  private final LongSupplier nanoTime;
  private final long timeoutNanos;

  ForwardedLeases(
      PeerClient client,
      Supplier<RaftStatus> status,
      Supplier<ClusterState> cluster,
      Scheduler scheduler,
      ExecutionContext executor,
      LongSupplier nanoTime,
      long timeoutNanos) {
    this.client = client;
    this.status = status;
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public CompletionStage<Long> keepAlive(long id) {
    byte[] question = LeaseKeepAliveRequest.newBuilder().setID(id).build().toByteArray();
    return ask(
        "/leases", question, body -> LeaseKeepAliveResponse.parseFrom(body).getTTL(), () -> 0L);
  }

  @Override
  public CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
    byte[] question =
        LeaseInternalRequest.newBuilder().setLeaseTimeToLiveRequest(request).build().toByteArray();
    return ask(
        "/leases/internal",
        question,
        body -> LeaseInternalResponse.parseFrom(body).getLeaseTimeToLiveResponse(),
        () -> LeaseTimeToLiveResponse.newBuilder().setID(request.getID()).setTTL(-1).build());
  }

  private interface Parser<T> {
    T parse(byte[] body) throws InvalidProtocolBufferException;
  }

  private <T> CompletableFuture<T> ask(
      String path, byte[] question, Parser<T> parser, Supplier<T> notFound) {
    Question<T> asked =
        new Question<>(path, question, parser, notFound, nanoTime.getAsLong() + timeoutNanos);
    round(asked);
    return asked.answer();
  }

  private record Question<T>(
      String path,
      byte[] body,
      Parser<T> parser,
      Supplier<T> notFound,
      long deadlineNanos,
      CompletableFuture<T> answer) {
    Question(String path, byte[] body, Parser<T> parser, Supplier<T> notFound, long deadlineNanos) {
      this(path, body, parser, notFound, deadlineNanos, new CompletableFuture<>());
    }
  }

  /** Tries the URLs of whoever leads now, one after another. */
  private void round(Question<?> question) {
    if (nanoTime.getAsLong() - question.deadlineNanos() >= 0) {
      question.answer().completeExceptionally(EtcdError.TIMEOUT.exception());
      return;
    }
    ClusterMember leader = cluster.get().member(status.get().leaderId());
    if (leader == null) {
      scheduler.scheduleOnce(PAUSE, () -> round(question), executor);
    } else {
      tryNext(question, leader.id(), leader.peerUrls());
    }
  }

  private void tryNext(Question<?> question, long leader, List<String> urls) {
    if (urls.isEmpty()) {
      scheduler.scheduleOnce(PAUSE, () -> round(question), executor);
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Cancellable> look = new AtomicReference<>();
    lookAgain(question, leader, over, look);
    client
        .post(urls.get(0), question.path(), question.body())
        .whenComplete(
            (reply, failure) -> {
              look.get().cancel();
              boolean ours = over.compareAndSet(false, true);
              if (ours && (failure != null || !settle(question, reply))) {
                tryNext(question, leader, urls.subList(1, urls.size()));
              }
            });
  }

  /**
   * A leader that stands still answers nobody, and a lease may be over before the connection is
   * given up: when that member leads no more, somebody else is asked.
   */
  private void lookAgain(
      Question<?> question, long leader, AtomicBoolean over, AtomicReference<Cancellable> look) {
    look.set(
        scheduler.scheduleOnce(
            LOOK,
            () -> {
              if (status.get().leaderId() == leader && !over.get()) {
                lookAgain(question, leader, over, look);
              } else if (over.compareAndSet(false, true)) {
                round(question);
              }
            },
            executor));
  }

  /** Returns false if somebody else has to be asked. */
  private static <T> boolean settle(Question<T> question, PeerClient.Reply reply) {
    if (reply.status() == NOT_FOUND) {
      return question.answer().complete(question.notFound().get());
    }
    if (reply.status() != OK) {
      return false;
    }
    try {
      return question.answer().complete(question.parser().parse(reply.body()));
    } catch (InvalidProtocolBufferException damaged) {
      return false;
    }
  }
}
