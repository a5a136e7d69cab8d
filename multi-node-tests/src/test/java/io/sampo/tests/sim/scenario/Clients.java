package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.client.Administrator;
import io.sampo.tests.sim.client.Caller;
import io.sampo.tests.sim.client.HastyClient;
import io.sampo.tests.sim.client.KeyClient;
import io.sampo.tests.sim.client.LeaseClient;
import io.sampo.tests.sim.client.LockClient;
import io.sampo.tests.sim.client.Operator;
import io.sampo.tests.sim.client.UserClient;
import io.sampo.tests.sim.client.UserListener;
import io.sampo.tests.sim.client.UserWatchClient;
import io.sampo.tests.sim.client.Users;
import io.sampo.tests.sim.client.WatchClient;
import io.sampo.tests.sim.cluster.SimCluster;
import java.util.ArrayList;
import java.util.List;

/** All clients of an era, and its operator. */
final class Clients {
  private final List<KeyClient> keys = new ArrayList<>();
  private final List<WatchClient> watches = new ArrayList<>();
  private final List<LeaseClient> leases = new ArrayList<>();
  private final List<LockClient> locks = new ArrayList<>();
  private final List<Operator> operators = new ArrayList<>();
  private final List<HastyClient> hasty = new ArrayList<>();
  private final List<Administrator> administrators = new ArrayList<>();
  private final List<UserClient> users = new ArrayList<>();
  private final List<UserWatchClient> userWatches = new ArrayList<>();

  /**
   * @param era goes before their names
   * @param checks hear what watchers and users are told
   */
  Clients(String era, Parameters parameters, SimCluster cluster, Caller caller, Checks checks) {
    for (int i = 0; i < parameters.keyClients(); i++) {
      keys.add(new KeyClient(era + "c" + i, cluster, caller, parameters.habits()));
    }
    for (int i = 0; i < parameters.watchClients(); i++) {
      watches.add(new WatchClient(era + "w" + i, cluster, caller, checks.watches()));
    }
    for (int i = 0; i < parameters.leaseClients(); i++) {
      leases.add(new LeaseClient(era + "l" + i, cluster, caller));
    }
    for (int i = 0; i < parameters.lockClients(); i++) {
      locks.add(new LockClient(era + "k" + i, cluster, caller));
    }
    if (parameters.changePauseNanos() > 0) {
      boolean rot = parameters.faults().loses();
      operators.add(new Operator(cluster, caller, parameters.changePauseNanos(), rot));
    }
    for (int i = 0; i < parameters.hastyClients(); i++) {
      hasty.add(new HastyClient(era + "h" + i, cluster, caller, parameters.readPauseNanos()));
    }
    if (parameters.users() > 0) {
      addUsers(era, parameters, cluster, caller, checks.permissions());
    }
  }

  private void addUsers(
      String era, Parameters parameters, SimCluster cluster, Caller caller, UserListener heard) {
    Users known = new Users(parameters.lessorsAreInTime());
    administrators.add(
        new Administrator(era + "a", parameters.roleChangePauseNanos(), known, cluster, caller));
    for (int i = 0; i < parameters.users(); i++) {
      users.add(new UserClient(era + "u" + i, i, known, cluster, caller, heard));
      userWatches.add(new UserWatchClient(era + "v" + i, i, known, cluster, caller, heard));
    }
  }

  void start() {
    administrators.forEach(Administrator::start);
    users.forEach(UserClient::start);
    userWatches.forEach(UserWatchClient::start);
    keys.forEach(KeyClient::start);
    watches.forEach(WatchClient::start);
    leases.forEach(LeaseClient::start);
    hasty.forEach(HastyClient::start);
    operators.forEach(Operator::start);
    locks.forEach(LockClient::start);
  }

  /** Nothing new is asked; the watchers watch on, each where it is. */
  void stop() {
    administrators.forEach(Administrator::stop);
    users.forEach(UserClient::stop);
    userWatches.forEach(UserWatchClient::stop);
    hasty.forEach(HastyClient::stop);
    operators.forEach(Operator::stop);
    locks.forEach(LockClient::stop);
    keys.forEach(KeyClient::stop);
    leases.forEach(LeaseClient::stop);
    watches.forEach(WatchClient::calmDown);
  }

  void stopWatching() {
    userWatches.forEach(UserWatchClient::end);
    watches.forEach(WatchClient::stop);
  }

  int watchers() {
    return watches.size();
  }

  /** Whether none but the watchers waits for anything. */
  boolean areIdle() {
    return keys.stream().allMatch(KeyClient::isIdle)
        && leases.stream().allMatch(LeaseClient::isIdle)
        && hasty.stream().allMatch(HastyClient::isIdle)
        && operators.stream().allMatch(Operator::isIdle)
        && administrators.stream().allMatch(Administrator::isIdle)
        && users.stream().allMatch(UserClient::isIdle)
        && userWatches.stream().allMatch(UserWatchClient::isIdle)
        && locks.stream().allMatch(LockClient::isIdle);
  }
}
