package io.sampo.node.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseRulesTest {

  @Test
  void theShortestLeaseOutlivesAnElection() {
    assertEquals(2, LeaseRules.minTtlSeconds(10, Duration.ofMillis(100)));
    assertEquals(15, LeaseRules.minTtlSeconds(100, Duration.ofMillis(100)));
    assertEquals(1, LeaseRules.minTtlSeconds(3, Duration.ofMillis(10)));
  }

  @Test
  void theLongestLeaseIsEtcds() {
    LeaseRules.checkTtl(9_000_000_000L);
    LeaseRules.checkTtl(-5);
    EtcdException refused =
        assertThrows(EtcdException.class, () -> LeaseRules.checkTtl(9_000_000_001L));
    assertEquals(EtcdError.LEASE_TTL_TOO_LARGE.exception(), refused);
  }

  @Test
  void theServerChoosesPositiveIdsOnly() {
    Iterator<Long> ids = List.of(0L, Long.MIN_VALUE, -1L).iterator();
    assertEquals(Long.MAX_VALUE, LeaseRules.chooseId(0, ids::next));
    assertEquals(-7, LeaseRules.chooseId(-7, ids::next));
  }
}
