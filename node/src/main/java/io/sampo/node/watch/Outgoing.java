package io.sampo.node.watch;

/** What waits in a session for its client to take more. */
sealed interface Outgoing permits ControlResponse, Delivery, WatchSession.Woken {}
