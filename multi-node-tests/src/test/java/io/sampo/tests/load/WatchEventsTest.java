package io.sampo.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.mvccpb.KeyValue;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WatchEventsTest {

  private static ByteBuffer messages() {
    WatchResponse.Builder events = WatchResponse.newBuilder().setWatchId(300).setFragment(true);
    events.setHeader(ResponseHeader.newBuilder().setRevision(1_000_000));
    for (int i = 0; i < 20; i++) {
      KeyValue value =
          KeyValue.newBuilder().setKey(ByteString.copyFrom(new byte[20 * i])).setVersion(1).build();
      events.addEvents(Event.newBuilder().setKv(value));
    }
    byte[] created = WatchResponse.newBuilder().setCreated(true).build().toByteArray();
    byte[] happened = events.build().toByteArray();
    return ByteBuffer.allocate(15 + created.length + happened.length)
        .put((byte) 0)
        .putInt(created.length)
        .put(created)
        .put((byte) 0)
        .putInt(0)
        .put((byte) 0)
        .putInt(happened.length)
        .put(happened)
        .flip();
  }

  @Test
  void countsTheEventsWhereverTheStreamIsCut() {
    for (int step : new int[] {1, 2, 7, 100, 100_000}) {
      WatchEvents events = new WatchEvents();
      ByteBuffer all = messages();
      while (all.hasRemaining()) {
        int size = Math.min(step, all.remaining());
        events.on(all.slice(all.position(), size));
        all.position(all.position() + size);
      }
      assertEquals(20, events.count(), "in steps of " + step);
    }
  }
}
