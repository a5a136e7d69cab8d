package io.sampo.tests.abuse;

import io.sampo.tests.load.Frame;
import java.io.IOException;
import java.time.Duration;

/**
 * Frames of HTTP/2 that each mean nothing, by the hundred thousand on one connection.
 *
 * @param reads whether the answers are read before all is sent
 */
record FrameFlood(Kind kind, boolean reads, int frames, Duration limit) implements Abuse {
  private static final int FRAMES_A_SEND = 100;
  private static final int OPENED = 1;

  /** How long after the last frame the server may take to close. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private static final String PATH = "/etcdserverpb.KV/Range";

  /** What is sent again and again. */
  enum Kind {
    RESETS("streams opened and reset", false) {
      @Override
      void add(FrameBytes out, int number) {
        int stream = 2 * number + 3;
        out.grpcHeaders(stream, PATH).frame(Frame.RST_STREAM, 0, stream, new byte[4]);
      }
    },
    PINGS("PINGs", true) {
      @Override
      void add(FrameBytes out, int number) {
        out.frame(Frame.PING, 0, 0, new byte[8]);
      }
    },
    SETTINGS("SETTINGS", false) {
      @Override
      void add(FrameBytes out, int number) {
        out.frame(Frame.SETTINGS, 0, 0);
      }
    },
    EMPTY_DATA("empty DATA frames of one stream", false) {
      @Override
      void add(FrameBytes out, int number) {
        out.frame(Frame.DATA, 0, OPENED);
      }
    },
    WINDOW_UPDATES("WINDOW_UPDATEs of one byte", false) {
      @Override
      void add(FrameBytes out, int number) {
        out.frame(Frame.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
      }
    };

    private final String what;
    private final boolean closedByEtcd;

    Kind(String what, boolean closedByEtcd) {
      this.what = what;
      this.closedByEtcd = closedByEtcd;
    }

    abstract void add(FrameBytes out, int number);
  }

  @Override
  public String title() {
    return (reads ? "" : "unread-")
        + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  @Override
  public String what() {
    return "HTTP/2: %d %s, answers %s".formatted(frames, kind.what, reads ? "read" : "not read");
  }

  @Override
  public boolean isClosedByEtcd() {
    return kind.closedByEtcd;
  }

  /** Nobody else sends so many; where the answers are not read, it may also just wait. */
  @Override
  public boolean isToBeClosed() {
    return reads || kind.closedByEtcd;
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    RudeConnection connection = clients.connectHttp2();
    long deadline = RudeClients.after(limit);
    boolean open = connection.send(new FrameBytes().grpcHeaders(OPENED, PATH).bytes(), deadline);
    if (!reads) {
      connection.stopReading();
    }
    for (int i = 0; i < frames && open; i += FRAMES_A_SEND) {
      FrameBytes some = new FrameBytes();
      for (int j = i; j < i + FRAMES_A_SEND; j++) {
        kind.add(some, j);
      }
      open = connection.send(some.bytes(), deadline);
    }
    clients.note(open ? "all sent" : "not all sent");
    connection.readAgain();
    clients.hold(CLOSE_LIMIT);
  }
}
