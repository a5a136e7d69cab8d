package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FeatureGatesTest {

  @Test
  void everyNameHasAStageAndAState() throws Exception {
    assertEquals(11, FeatureGates.stages().size());
    assertEquals("BETA", FeatureGates.stages().get("FastLeaseKeepAlive"));
    assertEquals("ALPHA", FeatureGates.stages().get("AllAlpha"));
    FeatureGates gates = FeatureGates.DEFAULTS.with("AllAlpha=true,FastLeaseKeepAlive=false");
    assertTrue(gates.isOn("AllAlpha"));
    assertTrue(gates.isOn("CompactHashCheck"));
    assertFalse(gates.isOn("FastLeaseKeepAlive"));
    assertFalse(gates.isOn("AllBeta"));
    assertTrue(FeatureGates.DEFAULTS.isOn("FastLeaseKeepAlive"));
  }
}
