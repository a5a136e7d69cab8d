package io.sampo.gateway;

import io.sampo.gateway.endpoint.NodeProbes;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A node in any state; it writes down what it is told. */
final class FakeProbes implements NodeProbes {
  final List<AlarmMember> alarms = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  boolean leader = true;
  boolean learner;
  boolean auth;
  boolean diskLate;
  Optional<String> serializableError = Optional.empty();
  Optional<String> linearizableError = Optional.empty();
  Optional<String> clusterVersion = Optional.of("3.7.0");
  Optional<String> storageVersion = Optional.of("3.7.0");

  void raise(int alarm) {
    alarms.add(AlarmMember.newBuilder().setAlarmValue(alarm).build());
  }

  void raise(AlarmType alarm) {
    raise(alarm.getNumber());
  }

  @Override
  public List<AlarmMember> alarms() {
    return alarms;
  }

  @Override
  public boolean hasLeader() {
    return leader;
  }

  @Override
  public boolean isLearner() {
    return learner;
  }

  @Override
  public boolean isAuthEnabled() {
    return auth;
  }

  @Override
  public boolean isDiskLate() {
    return diskLate;
  }

  @Override
  public CompletableFuture<Optional<String>> serializableRead() {
    return CompletableFuture.completedFuture(serializableError);
  }

  @Override
  public CompletableFuture<Optional<String>> linearizableRead() {
    return CompletableFuture.completedFuture(linearizableError);
  }

  @Override
  public String serverVersion() {
    return "3.7.1";
  }

  @Override
  public Optional<String> clusterVersion() {
    return clusterVersion;
  }

  @Override
  public Optional<String> storageVersion() {
    return storageVersion;
  }

  @Override
  public SortedMap<String, String> debugVariables() {
    return new TreeMap<>(Map.of("cmdline", "[\"sampo\"]", "raft.status", "{}"));
  }

  @Override
  public void healthAnswered(boolean healthy) {
    told.add("health " + healthy);
  }

  @Override
  public void checkMade(String type, String name, boolean success) {
    told.add(type + " " + name + " " + success);
  }
}
