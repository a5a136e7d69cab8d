package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RequestIdsTest {

  @Test
  void anIdIsMemberTimeAndCounter() {
    RequestIds ids = new RequestIds(0xabcd_1234L, 0x01_0203_0405L);
    assertEquals(0x1234_01_02_03_04_05_01L, ids.next());
    assertEquals(0x1234_01_02_03_04_05_02L, ids.next());
  }

  @Test
  void aLaterStartNeverRepeatsAnId() {
    RequestIds before = new RequestIds(1, 1_000);
    long last = 0;
    for (int i = 0; i < 300; i++) {
      last = before.next();
    }
    assertTrue(new RequestIds(1, 1_002).next() > last);
  }
}
