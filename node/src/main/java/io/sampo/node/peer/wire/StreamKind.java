package io.sampo.node.peer.wire;

/** The two kinds of streams between members (etcd 3.7.1, rafthttp). */
public enum StreamKind {
  /** For appends only, most of which need no header. */
  MSG_APP("msgapp", "stream MsgApp v2"),
  /** For everything else but snapshots. */
  MESSAGE("message", "stream Message");

  private final String path;
  private final String title;

  StreamKind(String path, String title) {
    this.path = path;
    this.title = title;
  }

  /** The last but one part of the URL's path. */
  public String path() {
    return path;
  }

  /** What etcd's log lines call it. */
  public String title() {
    return title;
  }

  /** For a new stream of this kind. */
  public FrameEncoder encoder() {
    return this == MSG_APP ? new MsgAppEncoder() : new MessageEncoder();
  }

  /**
   * For a new stream of this kind.
   *
   * @param local who reads it
   * @param remote who writes it
   * @param maxFrameBytes a longer frame ends the stream
   */
  public FrameDecoder decoder(long local, long remote, int maxFrameBytes) {
    return this == MSG_APP
        ? new MsgAppDecoder(local, remote, maxFrameBytes)
        : new MessageDecoder(maxFrameBytes);
  }
}
