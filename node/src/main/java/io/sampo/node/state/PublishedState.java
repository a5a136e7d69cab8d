package io.sampo.node.state;

import io.sampo.node.state.mvcc.MvccView;
import java.util.function.Supplier;

/** The state after the last batch of applies, for any reader on any thread. */
public final class PublishedState implements Supplier<NodeState> {
  private volatile NodeState state;

  public PublishedState(NodeState initial) {
    state = initial;
  }

  @Override
  public NodeState get() {
    return state;
  }

  public MvccView keys() {
    return state.keys();
  }

  public void set(NodeState next) {
    state = next;
  }
}
