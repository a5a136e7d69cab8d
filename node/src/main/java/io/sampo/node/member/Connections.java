package io.sampo.node.member;

import java.util.OptionalLong;

/** Who is connected with this member. Asked from any thread. */
public interface Connections {
  /** Since when a member is connected without a failure, in nanoseconds; empty if it is not. */
  OptionalLong activeSinceNanos(long memberId);
}
