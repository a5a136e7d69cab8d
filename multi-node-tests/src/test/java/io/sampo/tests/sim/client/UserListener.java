package io.sampo.tests.sim.client;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;

/** Hears what users get while authentication is on. */
public interface UserListener {
  /** A call made with the user's token has ended. */
  void onCall(String user, Call call);

  /**
   * A watch opened with the user's token has answered something.
   *
   * @param createdAt the header's revision when it was created; 0 until then
   */
  void onWatch(String user, WatchCreateRequest request, long createdAt, WatchResponse response);
}
