package io.sampo.tests.sim.scenario;

import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What members have acknowledged to a leader, kept until that one leads again in another term: a
 * delay by chance hardly ever ends just then.
 */
final class LateAnswers {
  /** An answer on its way, to a leader of an earlier term. */
  record Late(SimMember from, SimMember to, Message answer) {}

  private record Pair(SimMember from, SimMember to) {}

  private final List<Pair> pairs = new ArrayList<>();
  private final List<Late> kept = new ArrayList<>();

  /** From now on, what the one acknowledges to the other arrives once more. */
  void keep(SimMember from, SimMember to) {
    pairs.add(new Pair(from, to));
  }

  void keepNoMore(SimMember from, SimMember to) {
    pairs.remove(new Pair(from, to));
  }

  void onSent(SimMember from, Message message) {
    if (message.getType() != MessageType.MsgAppResp
        || message.getReject()
        || message.getIndex() == 0) { // only says which term it is
      return;
    }
    for (Pair pair : pairs) {
      if (pair.from() == from && pair.to().id() == message.getTo()) {
        kept.add(new Late(from, pair.to(), message));
        return;
      }
    }
  }

  /** Gives what was said to this leader in earlier terms, once. */
  void onElected(SimMember leader, long term, Consumer<Late> each) {
    List<Late> due =
        kept.stream()
            .filter(late -> late.to() == leader && late.answer().getTerm() < term)
            .toList();
    kept.removeAll(due);
    due.forEach(each);
  }
}
