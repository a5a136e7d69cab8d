package io.sampo.node.maintenance;

import com.google.protobuf.ByteString;
import io.sampo.gateway.endpoint.NodeProbes;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StorageVersion;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the health endpoints ask, answered by this node. */
public final class NodeHealth implements NodeProbes {
  /** The read that etcd's health checks do: the smallest there is, of a key that may be missing. */
  private static final RangeRequest READ =
      RangeRequest.newBuilder()
          .setKey(ByteString.copyFrom(new byte[] {0}))
          .setKeysOnly(true)
          .setLimit(1)
          .build();

  private final PublishedState state;
  private final Supplier<RaftStatus> raft;
  private final BooleanSupplier diskLate;
  private final Function<RangeRequest, CompletionStage<?>> range;
  private final String serverVersion;
  private final HealthMetrics metrics;
  private final Supplier<SortedMap<String, String>> debugVariables;

  /**
   * @param diskLate whether a write of the log takes longer than its bound; from any thread
   */
  public NodeHealth(
      PublishedState state,
      Supplier<RaftStatus> raft,
      BooleanSupplier diskLate,
      Function<RangeRequest, CompletionStage<?>> range,
      String serverVersion,
      HealthMetrics metrics,
      Supplier<SortedMap<String, String>> debugVariables) {
    this.state = state;
    this.raft = raft;
    this.diskLate = diskLate;
    this.range = range;
    this.serverVersion = serverVersion;
    this.metrics = metrics;
    this.debugVariables = debugVariables;
  }

  @Override
  public List<AlarmMember> alarms() {
    return state.get().alarms().alarms();
  }

  @Override
  public boolean hasLeader() {
    return raft.get().leaderId() != 0;
  }

  @Override
  public boolean isLearner() {
    return state.get().cluster().confState().getLearnersList().contains(raft.get().memberId());
  }

  @Override
  public boolean isAuthEnabled() {
    return state.get().auth().enabled();
  }

  @Override
  public boolean isDiskLate() {
    return diskLate.getAsBoolean();
  }

  @Override
  public CompletableFuture<Optional<String>> serializableRead() {
    return outcome(READ.toBuilder().setSerializable(true).build());
  }

  @Override
  public CompletableFuture<Optional<String>> linearizableRead() {
    return outcome(READ);
  }

  private CompletableFuture<Optional<String>> outcome(RangeRequest read) {
    return range
        .apply(read)
        .toCompletableFuture()
        .handle(
            (response, failure) -> isRead(failure) ? Optional.empty() : Optional.of(text(failure)));
  }

  /** Nobody has to say who asks: that a read gets as far as that is enough, as in etcd. */
  private static boolean isRead(Throwable failure) {
    return failure == null || EtcdError.USER_EMPTY.is(failure);
  }

  private static String text(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }

  @Override
  public String serverVersion() {
    return serverVersion;
  }

  @Override
  public Optional<String> clusterVersion() {
    return state.get().cluster().clusterVersion();
  }

  @Override
  public Optional<String> storageVersion() {
    return Optional.of(StorageVersion.of(state.get().cluster()));
  }

  @Override
  public SortedMap<String, String> debugVariables() {
    return debugVariables.get();
  }

  @Override
  public void healthAnswered(boolean healthy) {
    metrics.answered(healthy);
  }

  @Override
  public void checkMade(String type, String name, boolean success) {
    metrics.checked(type, name, success);
  }
}
