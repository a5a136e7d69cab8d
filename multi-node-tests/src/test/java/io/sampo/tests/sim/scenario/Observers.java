package io.sampo.tests.sim.scenario;

import io.sampo.node.raft.RaftCommand;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.List;

/** Several observers as one, in their order. */
record Observers(List<? extends Observer> all) implements Observer {
  @Override
  public void onStarted(SimMember member) {
    all.forEach(each -> each.onStarted(member));
  }

  @Override
  public void onEnded(SimMember member, String why) {
    all.forEach(each -> each.onEnded(member, why));
  }

  @Override
  public void onRecovered(SimMember member, LogState log) {
    all.forEach(each -> each.onRecovered(member, log));
  }

  @Override
  public void onRaftTold(SimMember member, RaftCommand command) {
    all.forEach(each -> each.onRaftTold(member, command));
  }

  @Override
  public void onRaftStep(SimMember member) {
    all.forEach(each -> each.onRaftStep(member));
  }

  @Override
  public void onLogCommand(SimMember member, LogCommand command) {
    all.forEach(each -> each.onLogCommand(member, command));
  }

  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    all.forEach(each -> each.onApplied(member, entries));
  }

  @Override
  public void onInstalled(SimMember member) {
    all.forEach(each -> each.onInstalled(member));
  }

  @Override
  public void onSent(SimMember from, Message message) {
    all.forEach(each -> each.onSent(from, message));
  }
}
