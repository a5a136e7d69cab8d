package io.sampo.node.lease;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.peer.LeaderClient;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.leasepb.LeaseInternalRequest;
import io.sampo.protocol.leasepb.LeaseInternalResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Questions about leases go to the leader (etcd 3.7.1, lease/leasehttp). */
public final class ForwardedLeases implements LeaderLeases {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final LeaderClient questions;

  public ForwardedLeases(LeaderClient questions) {
    this.questions = questions;
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
    return questions.ask(
        url -> questions.client().post(url, path, question),
        reply -> {
          if (reply.status() == NOT_FOUND) {
            return Optional.of(notFound.get());
          }
          return reply.status() == OK ? read(parser, reply.body()) : Optional.empty();
        });
  }

  private static <T> Optional<T> read(Parser<T> parser, byte[] body) {
    try {
      return Optional.of(parser.parse(body));
    } catch (InvalidProtocolBufferException damaged) {
      return Optional.empty();
    }
  }
}
