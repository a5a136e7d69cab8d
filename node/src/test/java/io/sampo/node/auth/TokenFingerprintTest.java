package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TokenFingerprintTest {
  /** Both pairs stood in the log of etcd 3.7.1. */
  @Test
  void isEtcds() {
    assertEquals("4c2110b424cf", TokenFingerprint.of("abc.99999"));
    assertEquals("0eaeb6c374b6", TokenFingerprint.of("abc.1"));
  }
}
