package io.sampo.tests.sim.mutant;

import com.google.protobuf.Message;
import io.sampo.node.auth.Caller;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.state.auth.AccessRules;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.error.EtcdException;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;

/**
 * A known bug: a check is left out. What passes the checks that are left is done as if root had
 * asked for it.
 */
final class AsRoot implements Mutation {
  /** What is left of the checks. */
  interface Remaining {
    /**
     * Throws if what is asked for is refused all the same.
     *
     * @return whether this is a request of which a check is left out
     */
    boolean check(AccessRules rules, Message request);
  }

  private static final String UNCHECKED = "unchecked:";

  private final Remaining remaining;

  AsRoot(Remaining remaining) {
    this.remaining = remaining;
  }

  @Override
  public Metadata metadata(SimMember member, Message request, Metadata sent) {
    String token = sent == null ? null : sent.getText("token").orElse(null);
    AuthTable table = member.state().auth();
    Caller caller = token == null ? null : member.member().tokens().caller(token, table.revision());
    if (caller == null) {
      return sent;
    }
    AccessRules rules =
        new AccessRules(table, member.state().leases(), caller.user(), caller.authRevision());
    return passes(rules, request)
        ? new MetadataBuilder().addText("token", UNCHECKED + token).build()
        : sent;
  }

  private boolean passes(AccessRules rules, Message request) {
    try {
      return remaining.check(rules, request);
    } catch (EtcdException refused) {
      return false;
    }
  }

  @Override
  public TokenProvider tokens(SimMember member, TokenProvider tokens) {
    return new TokenProvider() {
      @Override
      public Caller caller(String token, long authRevision) {
        Caller caller = tokens.caller(sent(token), authRevision);
        return caller != null && token.startsWith(UNCHECKED)
            ? new Caller(AuthTable.ROOT, caller.authRevision())
            : caller;
      }

      private static String sent(String token) {
        return token.startsWith(UNCHECKED) ? token.substring(UNCHECKED.length()) : token;
      }

      @Override
      public long awaitedIndex(String token) {
        return tokens.awaitedIndex(sent(token));
      }

      @Override
      public String prefix() {
        return tokens.prefix();
      }

      @Override
      public String assign(String user, long authRevision, String simpleToken) {
        return tokens.assign(user, authRevision, simpleToken);
      }

      @Override
      public void enable() {
        tokens.enable();
      }

      @Override
      public void disable() {
        tokens.disable();
      }

      @Override
      public void forget(String user) {
        tokens.forget(user);
      }
    };
  }
}
