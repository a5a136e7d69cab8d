package io.sampo.node.state;

import static io.sampo.node.state.Requests.op;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.txn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.authpb.Permission.Type;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random users, roles and requests against rules that look at every key there is. */
class PermissionModelTest {
  private static final String HASH = "aGFzaA==";
  private static final String LETTERS = "abcdefgh";
  private static final List<String> NAMES = List.of("u1", "u2", "u3");
  private static final List<String> ROLES = List.of("r1", "r2", "r3");

  /** A range of letters; without an end the key alone. */
  private record Range(char first, char end) {
    boolean isKey() {
      return end == 0;
    }

    String key() {
      return String.valueOf(first);
    }

    String rangeEnd() {
      return isKey() ? "" : String.valueOf(end);
    }

    /** Whether it holds the letter and, unless one key is asked for, all that begins with it. */
    boolean holds(char letter, boolean keyAlone) {
      return isKey() ? keyAlone && letter == first : first <= letter && letter < end;
    }
  }

  private record Grant(Range range, Type type) {}

  @Property(tries = 200)
  void nothingPassesThatNoRoleGrants(@ForAll long seed) {
    new Run(new Random(seed)).go();
  }

  private static final class Run {
    private final Random random;
    private final Machine machine = new Machine();
    private final Map<String, Set<String>> rolesOf = new TreeMap<>();
    private final Map<String, List<Grant>> grants = new TreeMap<>();

    Run(Random random) {
      this.random = random;
      machine.done(AuthRequests.addUser("root", HASH));
      machine.done(AuthRequests.grantRole("root", "root"));
      for (String user : NAMES) {
        machine.done(AuthRequests.addUser(user, HASH));
        rolesOf.put(user, new TreeSet<>());
      }
      for (String role : ROLES) {
        machine.done(AuthRequests.addRole(role));
        grants.put(role, new ArrayList<>());
      }
      machine.done(AuthRequests.enable());
    }

    private <T> T one(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    private Range range() {
      int first = random.nextInt(LETTERS.length());
      int end = first + 1 + random.nextInt(LETTERS.length() - first);
      return new Range(LETTERS.charAt(first), random.nextBoolean() ? 0 : (char) ('a' + end));
    }

    void go() {
      for (int step = 0; step < 60; step++) {
        if (random.nextInt(3) == 0) {
          changeRoles();
        } else {
          request();
        }
      }
    }

    private void admin(InternalRaftRequest request) {
      machine.apply(AuthRequests.by("root", machine.state.auth().revision(), request));
    }

    private void changeRoles() {
      String user = one(NAMES);
      String role = one(ROLES);
      switch (random.nextInt(4)) {
        case 0 -> {
          admin(AuthRequests.grantRole(user, role));
          rolesOf.get(user).add(role);
        }
        case 1 -> {
          admin(AuthRequests.revokeRole(user, role));
          rolesOf.get(user).remove(role);
        }
        case 2 -> {
          Grant grant = new Grant(range(), one(List.of(Type.READ, Type.WRITE, Type.READWRITE)));
          // Again another type for the same range would be etcd's riddle of the first of a key.
          if (grants.get(role).stream().noneMatch(it -> it.range().equals(grant.range()))) {
            admin(
                AuthRequests.grant(
                    role, grant.type(), grant.range().key(), grant.range().rangeEnd()));
            grants.get(role).add(grant);
          }
        }
        default -> {
          Range range = range();
          admin(AuthRequests.revoke(role, range.key(), range.rangeEnd()));
          grants.get(role).removeIf(grant -> grant.range().equals(range));
        }
      }
    }

    private boolean may(String user, Type type, Range range) {
      char last = range.isKey() ? range.first() : (char) (range.end() - 1);
      for (char letter = range.first(); letter <= last; letter++) {
        char asked = letter;
        boolean granted =
            rolesOf.get(user).stream()
                .flatMap(role -> grants.get(role).stream())
                .anyMatch(
                    grant ->
                        (grant.type() == type || grant.type() == Type.READWRITE)
                            && grant.range().holds(asked, range.isKey()));
        if (!granted) {
          return false;
        }
      }
      return true;
    }

    private void request() {
      String user = one(NAMES);
      boolean[] may = {true};
      TxnRequest.Builder txn = transaction(user, may, 2);
      ApplyResult result =
          machine.apply(AuthRequests.by(user, machine.state.auth().revision(), raft(txn)));
      assertEquals(
          may[0] ? null : EtcdError.PERMISSION_DENIED.exception(),
          result.error(),
          () -> user + " " + rolesOf + " " + grants + " " + txn);
    }

    private TxnRequest.Builder transaction(String user, boolean[] may, int depth) {
      TxnRequest.Builder txn = txn();
      txn.addSuccess(operation(user, may, depth));
      if (random.nextInt(3) == 0) {
        txn.addFailure(operation(user, may, depth));
      }
      return txn;
    }

    private RequestOp operation(String user, boolean[] may, int depth) {
      Range range = range();
      boolean previous = random.nextInt(4) == 0;
      switch (random.nextInt(depth > 0 ? 4 : 3)) {
        case 0 -> {
          may[0] &= may(user, Type.READ, range);
          return op(Requests.range(range.key(), range.rangeEnd()));
        }
        case 1 -> {
          Range key = new Range(range.first(), (char) 0);
          may[0] &= may(user, Type.WRITE, key) && !(previous && !may(user, Type.READ, key));
          return op(Requests.put(key.key(), "").setPrevKv(previous));
        }
        case 2 -> {
          may[0] &= may(user, Type.WRITE, range) && !(previous && !may(user, Type.READ, range));
          return op(Requests.delete(range.key(), range.rangeEnd()).setPrevKv(previous));
        }
        default -> {
          return op(transaction(user, may, depth - 1));
        }
      }
    }
  }
}
