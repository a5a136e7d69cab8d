package io.sampo.tests.sim.client;

/** Hears of every call when it has ended for its client. */
public interface CallListener {
  void onCall(Call call);
}
