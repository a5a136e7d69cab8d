package io.sampo.node.member;

import io.sampo.node.state.membership.ClusterMember;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Asks every member what it runs, in rounds of which there is one at a time. Belongs to one actor,
 * to which the answers come as its messages.
 *
 * @param <C> what that actor is told
 */
final class VersionRounds<C> {
  /** Asks a member what it runs; empty if it did not say. */
  interface Question extends Function<ClusterMember, CompletionStage<Optional<ServerVersion>>> {}

  /** What one of the members asked in a round runs; empty if it did not say. */
  record Said(long round, long member, Optional<ServerVersion> version) {}

  private final ActorContext<C> actor;
  private final long self;
  private final Question question;
  private final Function<Said, C> told;
  private final Map<Long, Optional<ServerVersion>> versions = new TreeMap<>();

  /** What belongs to an earlier round is of no interest any more. */
  private long round;

  private boolean underWay;
  private int missing;

  /**
   * @param self this member's id, which needs no question
   * @param told makes an answer the actor's message
   */
  VersionRounds(ActorContext<C> actor, long self, Question question, Function<Said, C> told) {
    this.actor = actor;
    this.self = self;
    this.question = question;
    this.told = told;
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** The number of the present round, or of the next one. */
  long round() {
    return round;
  }

  /** Asks them all; to be called while no round is under way. */
  void begin(List<ClusterMember> members) {
    underWay = true;
    missing = members.size();
    members.forEach(this::ask);
  }

  private void ask(ClusterMember member) {
    long asked = round;
    long id = member.id();
    if (id == self) {
      actor.getSelf().tell(told.apply(new Said(asked, id, Optional.of(ServerVersion.OURS))));
    } else {
      actor.pipeToSelf(
          question.apply(member),
          (version, failure) ->
              told.apply(new Said(asked, id, failure == null ? version : Optional.empty())));
    }
  }

  /** Takes an answer; true if it was the last of the present round. */
  boolean add(Said said) {
    if (said.round() != round) {
      return false;
    }
    versions.put(said.member(), said.version());
    return --missing == 0;
  }

  /** By the members' ids. */
  Map<Long, Optional<ServerVersion>> versions() {
    return versions;
  }

  /** What is still said in this round is too late. */
  void end() {
    round++;
    underWay = false;
    versions.clear();
  }
}
