package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every request that waits is answered once, or fails once. */
class PendingRequestsTest {
  private final List<String> heard = new ArrayList<>();
  private long now;
  private final PendingRequests<String> pending = new PendingRequests<>(() -> now, 10);

  private void register(long id) {
    pending.register(
        id,
        ReplyTo.of(
            result -> heard.add(id + " " + result), why -> heard.add(id + " " + why.text())));
  }

  @Test
  void aRequestIsAnsweredOnce() {
    register(1);
    assertTrue(pending.applying(1, 0));
    pending.complete(1, "applied");
    pending.complete(1, "again");
    pending.complete(2, "of another member");
    assertFalse(pending.applying(1, 0));
    assertEquals(List.of("1 applied"), heard);
  }

  @Test
  void whatIsLateFails() {
    register(1);
    now = 5;
    register(2);
    now = 10;
    assertEquals(1, pending.expire(begin -> EtcdError.TIMEOUT.exception()));
    assertEquals(List.of("1 " + EtcdError.TIMEOUT.exception().text()), heard);
    assertEquals(1, pending.size());
  }

  @Test
  void allFailWhenTheNodeEnds() {
    register(1);
    register(2);
    pending.failAll(EtcdError.STOPPED.exception());
    assertEquals(2, heard.size());
    assertEquals(0, pending.size());
  }
}
