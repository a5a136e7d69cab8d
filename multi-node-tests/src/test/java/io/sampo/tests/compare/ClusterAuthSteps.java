package io.sampo.tests.compare;

import java.util.ArrayList;
import java.util.List;

/** The commands about users, roles and authentication, at the leader m1 and at followers. */
final class ClusterAuthSteps {

  private static final List<String> FORMATS = List.of("simple", "json", "fields", "table");
  private static final String ROOT = " --user=root:secret";
  private static final String ANN = " --user=ann:apples";

  private final List<CommandStep> steps = new ArrayList<>();

  private ClusterAuthSteps() {}

  static List<CommandStep> all() {
    ClusterAuthSteps all = new ClusterAuthSteps();
    all.whileItIsOff();
    all.turnedOn();
    all.forAUser();
    all.changes();
    all.turnedOff();
    return all.steps;
  }

  private void on(String members, String line) {
    steps.add(new CommandStep(members + " " + line, target -> target.etcdctl(members, line)));
  }

  private void onInAllFormats(String members, String line) {
    FORMATS.forEach(format -> on(members, line + " -w " + format));
  }

  private void whileItIsOff() {
    onInAllFormats("m2", "auth status");
    onInAllFormats("m2", "auth disable");
    on("m2", "user");
    on("m2", "user add");
    on("m2", "user add a b");
    on("m2", "user add ann:apples");
    on("m1", "user add ann:apples");
    on("m3", "user add bob --new-user-password=pears");
    on("m3", "user add :x");
    on("m2", "user add quiet --no-password");
    on("m2", "user add quiet --no-password -w json");
    onInAllFormats("m2", "user list");
    onInAllFormats("m3", "user get ann");
    on("m2", "user get ann --detail");
    onInAllFormats("m3", "user get nobody");
    on("m2", "user delete");
    onInAllFormats("m2", "user delete nobody");
    on("m2", "role");
    on("m2", "role add");
    on("m3", "role add app");
    onInAllFormats("m1", "role add app");
    onInAllFormats("m3", "role list");
    onInAllFormats("m2", "role get none");
    onInAllFormats("m2", "role delete none");
    on("m3", "role grant-permission app");
    on("m3", "role grant-permission app nope a");
    on("m3", "role grant-permission none read a");
    on("m3", "role grant-permission app read b a");
    on("m3", "role grant-permission app read b --prefix --from-key");
    on("m2", "role grant-permission app readwrite app/ --prefix");
    on("m2", "role grant-permission app readwrite app/ --prefix -w json");
    on("m1", "role grant-permission app read a c");
    on("m1", "role grant-permission app write w --from-key");
    on("m3", "role grant-permission app read alone");
    onInAllFormats("m3", "role get app");
    on("m3", "role revoke-permission app");
    onInAllFormats("m3", "role revoke-permission app nope");
    on("m3", "role revoke-permission app alone");
    on("m3", "user grant-role ann");
    on("m3", "user grant-role ann none");
    on("m3", "user grant-role nobody app");
    onInAllFormats("m3", "user grant-role ann app");
    on("m2", "user get ann --detail");
    on("m2", "user revoke-role bob app");
    on("m2", "user revoke-role ann none");
    onInAllFormats("m2", "auth status");
  }

  private void turnedOn() {
    on("m2", "put app/k v");
    on("m2", "put other open");
    on("m2", "get app/k" + ROOT);
    on("m3", "user add root:secret");
    on("m3", "user revoke-role root root");
    onInAllFormats("m2", "auth enable");
    on("m1", "auth enable" + ROOT);
    on("m3", "auth status" + ROOT);
    onInAllFormats("m3", "role get root" + ROOT);
    onInAllFormats("m3", "user get root" + ROOT);
  }

  private void forAUser() {
    for (String member : List.of("m1", "m2", "m3")) {
      for (String user : List.of("", ANN, ROOT, " --user=ann:pears", " --user=quiet:x")) {
        on(member, "get app/k" + user);
        on(member, "get a c" + user);
        on(member, "get other --consistency=s" + user);
        on(member, "put other x" + user);
        on(member, "user list" + user);
      }
      onInAllFormats(member, "put app/k v --prev-kv" + ANN);
      on(member, "get b d" + ANN);
      on(member, "put z z" + ANN);
      on(member, "put z z --prev-kv" + ANN);
      on(member, "del w --from-key" + ANN);
      on(member, "del w --from-key --prev-kv" + ANN);
      on(member, "del v --from-key" + ANN);
    }
    for (String user : List.of("", ANN)) {
      on("m1", "member list" + user);
      on("m2", "member list --consistency=s" + user);
      on("m3", "member add x --peer-urls=http://127.0.0.1:1" + user);
      on("m3", "member remove {id:m1}" + user);
      on("m3", "member update {id:m1} --peer-urls=http://127.0.0.1:1" + user);
      on("m3", "member promote {id:m1}" + user);
      on("m2", "move-leader {id:m2}" + user);
      on("m1", "move-leader {id:m2}" + user);
      on("m2", "endpoint health" + user);
      on("m2", "endpoint status" + user);
      on("m2", "endpoint hashkv" + user);
      on("m2", "endpoint health --cluster" + user);
      on("m2", "alarm list" + user);
      on("m2", "alarm disarm" + user);
      on("m2", "compact 2" + user);
      on("m2", "defrag" + user);
      on("m2", "downgrade validate 3.6" + user);
      on("m2", "downgrade cancel" + user);
      on("m2", "lease list" + user);
      on("m2", "lease revoke 1234" + user);
      on("m2", "lease timetolive 1234 --keys" + user);
      on("m2", "lease keep-alive --once 1234" + user);
      on("m2", "snapshot save {dir}/denied.db" + user);
      on("m2", "auth disable" + user);
      on("m2", "auth enable" + user);
      on("m2", "auth status" + user);
      on("m2", "user get root" + user);
      on("m2", "role get root" + user);
      on("m2", "role list" + user);
      on("m2", "user delete bob" + user);
    }
    onInAllFormats("m3", "user get ann" + ANN);
    on("m3", "user get ann --detail" + ANN);
    onInAllFormats("m3", "role get app" + ANN);
    on("m3", "endpoint health --cluster" + ROOT);
    on("m2", "member list" + ROOT);
  }

  private void changes() {
    onInAllFormats("m2", "user delete root" + ROOT);
    onInAllFormats("m2", "role delete root" + ROOT);
    onInAllFormats("m2", "user revoke-role root root" + ROOT);
    on("m2", "role revoke-permission app a c" + ROOT);
    for (String member : List.of("m1", "m2", "m3")) {
      on(member, "get a c" + ANN);
    }
    on("m3", "role delete app" + ROOT);
    for (String member : List.of("m1", "m2", "m3")) {
      on(member, "get app/k" + ANN);
      on(member, "user get ann" + ANN);
    }
    on("m3", "role add app" + ROOT);
    on("m3", "get app/k" + ANN);
    on("m3", "user grant-role ann root" + ROOT);
    on("m2", "user list" + ANN);
    on("m2", "user revoke-role ann root" + ANN);
    on("m1", "user delete ann" + ROOT);
    for (String member : List.of("m1", "m2", "m3")) {
      on(member, "get app/k" + ANN);
    }
    for (String member : List.of("m1", "m2", "m3")) {
      onInAllFormats(member, "user list" + ROOT);
      onInAllFormats(member, "auth status" + ROOT);
    }
  }

  private void turnedOff() {
    on("m3", "auth disable" + ROOT);
    on("m2", "get other");
    on("m2", "get other" + ROOT);
    on("m2", "auth status");
    on("m1", "user list");
    on("m1", "user delete root");
  }
}
