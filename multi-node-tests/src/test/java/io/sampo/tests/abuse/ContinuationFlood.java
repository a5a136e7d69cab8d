package io.sampo.tests.abuse;

import io.sampo.tests.load.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** A header block of HTTP/2 that does not end. */
record ContinuationFlood(int frames, Duration limit) implements Abuse {
  /** For the field's name and lengths. */
  private static final int FIELD_HEAD_BYTES = 8;

  @Override
  public String title() {
    return "continuations";
  }

  @Override
  public String what() {
    return "HTTP/2: a header block of %d CONTINUATION frames of 16 kB".formatted(frames);
  }

  @Override
  public boolean isClosedByEtcd() {
    return true;
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    RudeConnection connection = clients.connectHttp2();
    long deadline = RudeClients.after(limit);
    byte[] method = FrameBytes.field(":method", "POST");
    boolean open =
        connection.send(new FrameBytes().frame(Frame.HEADERS, 0, 1, method).bytes(), deadline);
    byte[] field = FrameBytes.field("x", "v".repeat(Frame.MAX_PAYLOAD - FIELD_HEAD_BYTES));
    byte[] payload = Arrays.copyOf(field, Math.min(field.length, Frame.MAX_PAYLOAD));
    byte[] frame = new FrameBytes().frame(Frame.CONTINUATION, 0, 1, payload).bytes();
    for (int i = 0; i < frames && open; i++) {
      open = connection.send(frame, deadline);
    }
    clients.holdUntil(deadline);
  }
}
