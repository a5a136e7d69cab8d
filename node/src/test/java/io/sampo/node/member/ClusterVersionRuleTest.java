package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which clusters this version may be a member of. */
class ClusterVersionRuleTest {
  @Test
  void aClusterOfANewerVersionIsBeyondUs() {
    assertFalse(ClusterVersionRule.isBeyondUs(Optional.empty()));
    assertFalse(ClusterVersionRule.isBeyondUs(Optional.of("3.6.0")));
    assertFalse(ClusterVersionRule.isBeyondUs(Optional.of("3.7.0")));
    assertTrue(ClusterVersionRule.isBeyondUs(Optional.of("3.8.0")));
    assertTrue(ClusterVersionRule.isBeyondUs(Optional.of("4.0.0")));
  }
}
