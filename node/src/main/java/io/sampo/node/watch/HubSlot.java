package io.sampo.node.watch;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** The hub's side of one session; only the hub touches its fields. */
final class HubSlot {
  static final long NO_PROGRESS = -1;

  final ActorRef<WatchSession.Command> session;

  /** Whether the session has asked and was not answered; then nothing is pending. */
  boolean waiting;

  /** How many ranges the session watches. */
  int interests;

  /** The revision a progress report has to cover, or {@link #NO_PROGRESS}. */
  long progressAtLeast = NO_PROGRESS;

  /** The interests with something pending, while the session is not waiting. */
  List<Interest> pending = new ArrayList<>(0);

  /** What the publication under way has for the session; null if nothing. */
  List<Match> matches;

  HubSlot(ActorRef<WatchSession.Command> session) {
    this.session = session;
  }
}
