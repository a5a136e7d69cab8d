package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sampo.node.boot.flag.FlagSpec.Status;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import org.junit.jupiter.api.Test;

class FlagTableTest {

  @Test
  void allFlagsOfEtcdAreThere() {
    long ignored =
        FlagTable.etcd().all().stream().filter(spec -> spec.status() == Status.IGNORED).count();

    assertEquals(15, ignored);
    assertEquals(113, FlagTable.etcd().all().size() - ignored);
  }

  @Test
  void whatOnlyAFileCanSetIsNoFlag() {
    assertNull(FlagTable.etcd().get("client-cert-allowed-cn"));
    assertEquals(Status.FILE_ONLY, FlagTable.etcd().getForFile("client-cert-allowed-cn").status());
    assertEquals("name", FlagTable.etcd().getForFile("name").name());
  }

  @Test
  void everyDefaultIsAValueOfItsType() throws SyntaxException {
    for (FlagSpec spec : FlagTable.etcd().all()) {
      if (!spec.defaultText().isEmpty()) {
        spec.type().parse(spec.defaultText());
      }
    }
  }

  @Test
  void whatHasNoEffectSaysWhy() {
    for (FlagSpec spec : FlagTable.etcd().all()) {
      assertEquals(spec.status() == Status.NO_EFFECT, !spec.note().isEmpty(), spec.name());
      assertEquals(spec.status() == Status.IGNORED, spec.help().isEmpty(), spec.name());
    }
  }

  @Test
  void featureGatesAddUpAndStagesFillTheRest() throws SyntaxException {
    FeatureGates gates = FeatureGates.DEFAULTS.with("LeaseCheckpoint=false").with("AllAlpha=true");

    assertFalse(gates.isEnabled(FeatureGates.Gate.LeaseCheckpoint));
    assertEquals(true, gates.isEnabled(FeatureGates.Gate.PriorityRequest));
    assertEquals(true, gates.isEnabled(FeatureGates.Gate.FastLeaseKeepAlive));
    assertEquals("", FeatureGates.DEFAULTS.toString());
    assertEquals(
        "FastLeaseKeepAlive=false", FeatureGates.DEFAULTS.with("FastLeaseKeepAlive=0,").toString());
  }
}
