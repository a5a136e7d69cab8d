package io.sampo.tests.faults;

import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import java.util.ArrayList;
import java.util.List;

/** All calls in the order in which they ended. For any thread. */
final class Recorder implements CallListener {
  private final List<Call> calls = new ArrayList<>();
  private long writes;
  private long failures;

  @Override
  public synchronized void onCall(Call call) {
    calls.add(call);
    if (!call.succeeded()) {
      failures++;
    } else if (Mutations.revision(call) > 0) {
      writes++;
    }
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Acknowledged so far. */
  synchronized long writes() {
    return writes;
  }

  /** Whose outcome is unknown. */
  synchronized long failures() {
    return failures;
  }
}
