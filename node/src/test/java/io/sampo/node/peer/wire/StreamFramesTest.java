package io.sampo.node.peer.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The golden bytes were written by etcd 3.7.1's own encoders, from the same messages. */
class StreamFramesTest {
  private static final int LIMIT = 1 << 20;

  private static final List<Message> APPENDS =
      List.of(
          append(3, 2, 10, 9, entry(3, 11, "a")),
          append(3, 3, 11, 10, entry(3, 12, "bc"), entry(3, 13, "")),
          append(3, 3, 13, 13),
          append(4, 3, 13, 13, entry(4, 14, "d")),
          append(4, 4, 14, 14, entry(4, 15, "e")),
          append(4, 4, 14, 14, entry(4, 15, "e")));

  private static final List<String> GOLDEN_APPENDS =
      List.of(
          "02000000000000001708031002180120032802300a3a071003180b2201614009",
          "01000000000000000200000000000000081003180c2202626300000000000000061003180d2200000000"
              + "000000000a",
          "010000000000000000000000000000000d",
          "02000000000000001708031002180120042803300d3a071004180e220164400d",
          "01000000000000000100000000000000071004180f220165000000000000000e",
          "02000000000000001708031002180120042804300e3a071004180f220165400e");

  private static final List<Message> MESSAGES =
      List.of(
          message(MessageType.MsgHeartbeat)
              .setFrom(1)
              .setTerm(7)
              .setCommit(5)
              .setContext(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}))
              .build(),
          message(MessageType.MsgPreVote)
              .setFrom(0x8e9e05c52164694dL)
              .setTerm(8)
              .setLogTerm(7)
              .setIndex(100)
              .build(),
          message(MessageType.MsgProp)
              .setFrom(1)
              .addEntries(Entry.newBuilder().setData(ByteString.copyFromUtf8("x")))
              .build(),
          message(MessageType.MsgAppResp)
              .setFrom(1)
              .setTerm(7)
              .setIndex(4)
              .setReject(true)
              .setRejectHint(3)
              .setLogTerm(2)
              .build(),
          message(MessageType.MsgSnap)
              .setFrom(1)
              .setTerm(7)
              .setSnapshot(
                  Snapshot.newBuilder()
                      .setMetadata(
                          SnapshotMetadata.newBuilder()
                              .setIndex(9)
                              .setTerm(6)
                              .setConfState(
                                  ConfState.newBuilder()
                                      .addVoters(1)
                                      .addVoters(2)
                                      .setAutoLeave(false))))
              .build());

  private static final List<String> GOLDEN_MESSAGES =
      List.of(
          "00000000000000140808100218012007400562080100000000000000",
          "00000000000000150811100218cdd2918bd2b881cf8e01200828073064",
          "000000000000000b0802100218013a03220178",
          "000000000000001008041002180120072802300450015803",
          "000000000000001808071002180120074a0e120c0a0608010802280010091806");

  @Test
  void bothKindsAreWrittenAsEtcdWritesThem() {
    assertEquals(GOLDEN_APPENDS, encode(StreamKind.MSG_APP, APPENDS));
    assertEquals(GOLDEN_MESSAGES, encode(StreamKind.MESSAGE, MESSAGES));
  }

  @Test
  void linkHeartbeatsAreAsEtcdsAndReachNobody() throws FrameException {
    for (StreamKind kind : StreamKind.values()) {
      FrameBuffer buffer = new FrameBuffer();
      kind.encoder().linkHeartbeat(buffer);
      var bytes = buffer.take();
      assertEquals(kind == StreamKind.MSG_APP ? "00" : "00000000000000020808", hex(bytes));
      assertEquals(List.of(), decode(kind, LIMIT, bytes.toArray(), 1));
    }
  }

  @Test
  void whatEtcdWroteIsRead() throws FrameException {
    assertEquals(APPENDS, decode(StreamKind.MSG_APP, LIMIT, bytes(GOLDEN_APPENDS), 1000));
    assertEquals(MESSAGES, decode(StreamKind.MESSAGE, LIMIT, bytes(GOLDEN_MESSAGES), 1000));
  }

  @Property(tries = 60)
  void piecesDoNotMatter(@ForAll @IntRange(min = 1, max = 90) int pieceBytes)
      throws FrameException {
    assertEquals(APPENDS, decode(StreamKind.MSG_APP, LIMIT, bytes(GOLDEN_APPENDS), pieceBytes));
    assertEquals(MESSAGES, decode(StreamKind.MESSAGE, LIMIT, bytes(GOLDEN_MESSAGES), pieceBytes));
  }

  @Property(tries = 500)
  void garbageIsRefusedOrWaitedOnButNothingElse(
      @ForAll @Size(max = 64) byte[] garbage, @ForAll @IntRange(min = 1, max = 9) int pieceBytes) {
    for (StreamKind kind : StreamKind.values()) {
      try {
        decode(kind, LIMIT, garbage, pieceBytes);
      } catch (FrameException expected) {
        assertTrue(expected.getMessage() != null);
      }
    }
  }

  @Test
  void anAnnouncedSizeBeyondTheLimitIsRefusedAtOnce() {
    refused(StreamKind.MESSAGE, "0000000000100001");
    refused(StreamKind.MESSAGE, "ffffffffffffffff");
    refused(StreamKind.MSG_APP, "02" + "0000000000100001");
    String begun = GOLDEN_APPENDS.get(0);
    refused(StreamKind.MSG_APP, begun + "01" + "ffffffffffffffff");
    refused(StreamKind.MSG_APP, begun + "01" + "0000000000000001" + "7fffffffffffffff");
  }

  @Test
  void manyEntriesTogetherMayNotPassTheLimitEither() {
    String entry = "0000000000000010" + "1003180c220a" + "00".repeat(10);
    String frames = GOLDEN_APPENDS.get(0) + "01" + "0000000000000002" + entry + entry;
    FrameException refusal =
        assertThrows(
            FrameException.class,
            () -> decode(StreamKind.MSG_APP, 30, HexFormat.of().parseHex(frames), 7));
    assertTrue(refusal.getMessage().startsWith("a frame of 48 bytes"), refusal.getMessage());
  }

  @Test
  void entriesThatDoNotContinueAreRefused() {
    refused(StreamKind.MSG_APP, GOLDEN_APPENDS.get(1));
    refused(StreamKind.MSG_APP, GOLDEN_APPENDS.get(0) + GOLDEN_APPENDS.get(4));
    refused(StreamKind.MSG_APP, "03");
  }

  @Test
  void largeFramesPassInSmallPieces() throws FrameException {
    Entry large = entry(3, 11, "x".repeat(LIMIT / 2));
    List<Message> appends =
        List.of(append(3, 2, 10, 9, large), append(3, 3, 11, 9, entry(3, 12, "y")));
    assertEquals(
        appends,
        decode(StreamKind.MSG_APP, LIMIT, bytes(encode(StreamKind.MSG_APP, appends)), 999));
  }

  private static void refused(StreamKind kind, String hex) {
    assertThrows(
        FrameException.class, () -> decode(kind, LIMIT, HexFormat.of().parseHex(hex), 1000), hex);
  }

  private static List<String> encode(StreamKind kind, List<Message> messages) {
    FrameEncoder encoder = kind.encoder();
    FrameBuffer buffer = new FrameBuffer();
    List<String> frames = new ArrayList<>();
    for (Message message : messages) {
      encoder.encode(message, buffer);
      frames.add(hex(buffer.take()));
    }
    return frames;
  }

  private static List<Message> decode(StreamKind kind, int limit, byte[] bytes, int pieceBytes)
      throws FrameException {
    FrameDecoder decoder = kind.decoder(2, 1, limit);
    List<Message> messages = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += pieceBytes) {
      int length = Math.min(pieceBytes, bytes.length - from);
      decoder.feed(org.apache.pekko.util.ByteString.fromArray(bytes, from, length), messages::add);
    }
    return messages;
  }

  private static byte[] bytes(List<String> frames) {
    return HexFormat.of().parseHex(String.join("", frames));
  }

  private static String hex(org.apache.pekko.util.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toArray());
  }

  private static Entry entry(long term, long index, String data) {
    return Entry.newBuilder()
        .setTerm(term)
        .setIndex(index)
        .setData(ByteString.copyFromUtf8(data))
        .build();
  }

  private static Message.Builder message(MessageType type) {
    return Message.newBuilder().setType(type).setTo(2);
  }

  private static Message append(
      long term, long logTerm, long index, long commit, Entry... entries) {
    return message(MessageType.MsgApp)
        .setFrom(1)
        .setTerm(term)
        .setLogTerm(logTerm)
        .setIndex(index)
        .setCommit(commit)
        .addAllEntries(List.of(entries))
        .build();
  }
}
