package io.sampo.node.adopt;

import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.state.ClusterRequests;
import io.sampo.node.state.LoggedRequest;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MembershipRules;
import io.sampo.persistence.etcd.EntryVisitor;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.util.Optional;

/**
 * Looks at every entry that etcd's log holds after its snapshot: what the members are when the
 * database ends, and whether all that comes after it can be applied here.
 */
final class LogSurvey implements EntryVisitor {
  private final long databaseEnd;
  private final long keptFrom;
  private final MembershipRules rules;
  private Optional<ClusterState> cluster;
  private LogPosition atDatabaseEnd;
  private LogPosition beforeKept;
  private LogPosition last;
  private Optional<String> obstacle = Optional.empty();

  /**
   * @param base the snapshot before the first entry
   * @param atBase the members there; empty if nobody knows
   * @param databaseEnd the last entry that the database includes
   * @param catchUpEntries how many entries up to there are worth keeping
   */
  LogSurvey(
      LogPosition base,
      Optional<ClusterState> atBase,
      long databaseEnd,
      long catchUpEntries,
      MembershipRules rules) {
    this.databaseEnd = databaseEnd;
    this.keptFrom = Math.max(base.index(), databaseEnd - catchUpEntries);
    this.rules = rules;
    this.cluster = atBase;
    this.atDatabaseEnd = base;
    this.beforeKept = base;
    this.last = base;
  }

  /** The members as of the last entry of the database; empty if nobody knows. */
  Optional<ClusterState> cluster() {
    return cluster;
  }

  /** The last entry that the database includes. */
  LogPosition atDatabaseEnd() {
    return atDatabaseEnd;
  }

  /** The entry before the first one that the new log keeps. */
  LogPosition beforeKept() {
    return beforeKept;
  }

  LogPosition last() {
    return last;
  }

  /** What after the database's end could not be applied here; empty if all can. */
  Optional<String> obstacle() {
    return obstacle;
  }

  @Override
  public void accept(Entry entry) throws IOException {
    LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
    if (entry.getIndex() == keptFrom) {
      beforeKept = position;
    }
    if (entry.getIndex() == databaseEnd) {
      atDatabaseEnd = position;
    }
    last = position;
    switch (entry.getType()) {
      case EntryNormal -> takeRequest(entry);
      case EntryConfChange -> takeChange(entry);
      case EntryConfChangeV2 ->
          throw new IOException(
              "entry " + entry.getIndex() + " changes several members at once, as etcd never does");
    }
  }

  private void takeRequest(Entry entry) throws IOException {
    if (entry.getData().isEmpty()) {
      return;
    }
    try {
      InternalRaftRequest request = LoggedRequest.of(entry);
      checkApplicable(entry, request);
      if (entry.getIndex() <= databaseEnd) {
        cluster = cluster.map(it -> ClusterRequests.apply(it, request).orElse(it));
      }
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void checkApplicable(Entry entry, InternalRaftRequest request) {
    if (entry.getIndex() > databaseEnd && obstacle.isEmpty() && hasPlainPassword(request)) {
      obstacle =
          Optional.of(
              "entry "
                  + entry.getIndex()
                  + " of its log has a password in plain text, as etcd before 3.5 wrote it: write a"
                  + " key with etcd and stop it, so that its database includes it");
    }
  }

  private static boolean hasPlainPassword(InternalRaftRequest request) {
    return !request.getAuthUserAdd().getPassword().isEmpty()
        || !request.getAuthUserChangePassword().getPassword().isEmpty();
  }

  private void takeChange(Entry entry) throws IOException {
    ConfChange change;
    try {
      change = MembershipChange.parse(entry);
    } catch (IllegalStateException damaged) {
      throw new IOException(damaged.getMessage(), damaged);
    }
    if (entry.getIndex() > databaseEnd || cluster.isEmpty()) {
      return;
    }
    try {
      cluster = Optional.of(rules.apply(cluster.get(), change));
    } catch (EtcdException vetoed) {
      // As etcd, which applied it with the same error and went on.
      return;
    }
  }
}
