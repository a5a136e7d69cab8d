package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.mvccpb.KeyValue;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.UserListener;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * No key, value, event or count reaches a user who may not have it, and nobody is refused who may.
 * What a user may is told by a naive replay of the log. What is measured by which entry:
 *
 * <ul>
 *   <li>An answer names a revision. What wrote it must have been allowed just before its entry;
 *       what only read, after some entry of that revision which is not older than the call. A
 *       serializable read may be answered by a member that is behind, from its own table.
 *   <li>A refusal must have been due after some entry that is not newer than the answer and not
 *       older than the call, or of any age where it may come from a member behind.
 *   <li>A watch is created or refused by the table of its revision. An event must be allowed after
 *       some entry that is not older than the event itself. So older events come to who was given a
 *       permission later, and what was written before one was lost passes, as it may have been on
 *       its way. Whether all events come is not asked here.
 * </ul>
 *
 * That a token or an auth revision is called old is not judged: clients just ask again.
 */
public final class PermissionsHold implements Check, UserListener {
  private static final String NAME = "permissions";

  private final Violations violations;
  private final CommittedLog committed;

  public PermissionsHold(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  // ---- members ----

  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    compare(member);
  }

  @Override
  public void onInstalled(SimMember member) {
    compare(member);
  }

  private void compare(SimMember member) {
    AuthTable its = member.state().auth();
    long index = member.state().appliedIndex();
    if (index > committed.lastIndex()) {
      return;
    }
    ReferenceAuth expected = committed.authAt(index);
    boolean same =
        its.enabled() == expected.enabled()
            && its.revision() == expected.revision()
            && its.users().keySet().equals(expected.users().keySet())
            && its.roles().keySet().equals(expected.roles().keySet());
    if (!same) {
      violations.report(
          NAME,
          "%s is at auth revision %d after entry %d, the reference at %d"
              .formatted(member, its.revision(), index, expected.revision()));
    }
  }

  // ---- calls ----

  @Override
  public void onCall(String user, Call call) {
    if (call.succeeded()) {
      answered(user, call);
    } else if (EtcdError.PERMISSION_DENIED.is(reason(call.error()))) {
      denied(user, call);
    }
  }

  private static EtcdException reason(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause instanceof EtcdException known ? known : null;
  }

  private void answered(String user, Call call) {
    Message request = call.request();
    if (request instanceof LeaseGrantRequest) {
      return;
    }
    boolean may;
    long revision = Linearizability.revision(call.response());
    CommittedLog.Committed made = committed.ofRevision(revision);
    if (request instanceof LeaseRevokeRequest || request instanceof PutRequest) {
      may = anyEntry(call, entry -> !entry.denied() && allowedBefore(user, request, entry));
    } else if (made != null && isMadeBy(call, made)) {
      may =
          allowedBefore(user, request, made)
              && shows(committed.authAt(made.entry().getIndex() - 1), user, call.response());
    } else {
      may =
          anyTable(
              oldest(call),
              revision,
              auth -> auth.allows(user, request, List.of()) && shows(auth, user, call.response()));
    }
    if (!may) {
      violations.report(NAME, user + " may not do that: " + call);
    }
  }

  private long oldest(Call call) {
    boolean serializable = call.request() instanceof RangeRequest range && range.getSerializable();
    return serializable ? 0 : committed.seenBy(call.invokedNanos());
  }

  private void denied(String user, Call call) {
    Message request = call.request();
    boolean due =
        anyTable(oldest(call), 0, auth -> !auth.allows(user, request, List.of()))
            || anyEntry(call, entry -> !allowedBefore(user, request, entry));
    if (!due) {
      violations.report(NAME, user + " is refused what it may do: " + call);
    }
  }

  /** An equal request of somebody else may have made the revision that this one only saw. */
  private boolean isMadeBy(Call call, CommittedLog.Committed entry) {
    boolean nothing =
        call.response() instanceof DeleteRangeResponse delete && delete.getDeleted() == 0;
    return !nothing
        && entry.entry().getIndex() > committed.seenBy(call.invokedNanos())
        && isRequestOf(entry, call.request());
  }

  private static boolean isRequestOf(CommittedLog.Committed entry, Message request) {
    return request.equals(entry.request().getPut())
        || request.equals(entry.request().getDeleteRange())
        || request.equals(entry.request().getTxn())
        || request.equals(entry.request().getLeaseRevoke());
  }

  private boolean allowedBefore(String user, Message request, CommittedLog.Committed entry) {
    ReferenceAuth auth = committed.authAt(entry.entry().getIndex() - 1);
    return request instanceof LeaseRevokeRequest
        ? auth.allowsKeysOf(user, entry.leased())
        : auth.allows(user, request, entry.leased());
  }

  /** Whether there is such an entry of the call's request among those that came meanwhile. */
  private boolean anyEntry(Call call, Predicate<CommittedLog.Committed> wanted) {
    for (long i = committed.seenBy(call.invokedNanos()) + 1; i <= committed.lastIndex(); i++) {
      CommittedLog.Committed entry = committed.at(i);
      if (isRequestOf(entry, call.request()) && wanted.test(entry)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether there is such a table after some entry.
   *
   * @param from the oldest entry that counts
   * @param revision of the keys after that entry; 0 if it does not matter
   */
  private boolean anyTable(long from, long revision, Predicate<ReferenceAuth> wanted) {
    for (long i = committed.lastIndex(); i >= from; i--) {
      long at = i == 0 ? 1 : committed.at(i).revision();
      if ((revision == 0 || at == revision) && wanted.test(committed.authAt(i))) {
        return true;
      }
      if (at < revision) {
        return false;
      }
    }
    return false;
  }

  /** Whether the user may have read all that the answer shows. */
  private static boolean shows(ReferenceAuth auth, String user, Message response) {
    return shown(response).stream()
        .allMatch(kv -> auth.mayRead(user, kv.getKey(), ByteString.EMPTY));
  }

  private static List<KeyValue> shown(Message response) {
    List<KeyValue> shown = new ArrayList<>();
    if (response instanceof RangeResponse range) {
      shown.addAll(range.getKvsList());
    } else if (response instanceof PutResponse put && put.hasPrevKv()) {
      shown.add(put.getPrevKv());
    } else if (response instanceof DeleteRangeResponse delete) {
      shown.addAll(delete.getPrevKvsList());
    } else if (response instanceof TxnResponse txn) {
      for (ResponseOp op : txn.getResponsesList()) {
        switch (op.getResponseCase()) {
          case RESPONSE_PUT -> shown.addAll(shown(op.getResponsePut()));
          case RESPONSE_DELETE_RANGE -> shown.addAll(shown(op.getResponseDeleteRange()));
          case RESPONSE_RANGE -> shown.addAll(shown(op.getResponseRange()));
          case RESPONSE_TXN -> shown.addAll(shown(op.getResponseTxn()));
          default -> {}
        }
      }
    }
    return shown;
  }

  // ---- watches ----

  @Override
  public void onWatch(
      String user, WatchCreateRequest request, long createdAt, WatchResponse response) {
    long revision = response.getHeader().getRevision();
    Predicate<ReferenceAuth> allowed =
        auth -> auth.mayRead(user, request.getKey(), request.getRangeEnd());
    boolean refused = response.getCancelReason().contains("permission denied");
    if (response.getCreated() && !response.getCanceled()) {
      expect(anyTable(0, revision, allowed), user, request, response, "a watch");
    } else if (response.getCreated() && refused) {
      expect(anyTable(0, revision, allowed.negate()), user, request, response, "a refusal");
    } else if (refused) {
      expect(
          anyTable(lastOf(createdAt - 1), 0, allowed.negate()), user, request, response, "an end");
    }
    for (Event event : response.getEventsList()) {
      long written = event.getKv().getModRevision();
      boolean own =
          ReferenceStore.inRange(event.getKv().getKey(), request.getKey(), request.getRangeEnd());
      expect(
          own && anyTable(lastOf(written - 1) + 1, 0, allowed),
          user,
          request,
          response,
          "an event");
    }
  }

  /** The last entry that left the keys at this revision or an older one. */
  private long lastOf(long revision) {
    long index = committed.lastIndex();
    while (index > 0 && committed.at(index).revision() > revision) {
      index--;
    }
    return index;
  }

  private void expect(
      boolean due, String user, WatchCreateRequest request, WatchResponse response, String what) {
    if (!due) {
      violations.report(
          NAME,
          "%s got %s that was not due: %s on %s"
              .formatted(user, what, Text.of(response), Text.of(request)));
    }
  }
}
