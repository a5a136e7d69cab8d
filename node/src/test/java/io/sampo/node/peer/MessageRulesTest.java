package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageRulesTest {
  private final MessageRules rules = new MessageRules(2, id -> id == 9);

  private static Message.Builder message(MessageType type) {
    return Message.newBuilder().setType(type).setFrom(1).setTo(2);
  }

  private boolean passes(Message.Builder message) {
    return rules.refusal(1, message.build()).isEmpty();
  }

  @Test
  void onlyWhatPeersSayPasses() {
    List<MessageType> inner =
        List.of(
            MessageType.MsgHup,
            MessageType.MsgBeat,
            MessageType.MsgUnreachable,
            MessageType.MsgSnapStatus,
            MessageType.MsgCheckQuorum,
            MessageType.MsgStorageAppend,
            MessageType.MsgStorageAppendResp,
            MessageType.MsgStorageApply,
            MessageType.MsgStorageApplyResp,
            MessageType.MsgForgetLeader);
    for (MessageType type : MessageType.values()) {
      assertEquals(!inner.contains(type), passes(message(type)), type.name());
    }
  }

  @Test
  void nobodySpeaksForAnotherButWhereRaftPassesOn() {
    for (MessageType type : MessageType.values()) {
      boolean passedOn =
          type == MessageType.MsgProp
              || type == MessageType.MsgReadIndex
              || type == MessageType.MsgTransferLeader;
      assertEquals(passedOn, passes(message(type).setFrom(3)), type.name());
    }
    assertTrue(!passes(message(MessageType.MsgProp).setFrom(9)), "of a removed member");
    assertTrue(!passes(message(MessageType.MsgApp).setTo(3)), "to another");
  }

  @Test
  void aHeartbeatsContextIsWholeOrEmpty() {
    for (int bytes = 0; bytes < 10; bytes++) {
      Message.Builder heartbeat =
          message(MessageType.MsgHeartbeat).setContext(ByteString.copyFrom(new byte[bytes]));
      assertEquals(bytes == 0 || bytes >= 8, passes(heartbeat), bytes + " bytes");
    }
  }

  @Test
  void urlsAreTakenInTurnWhenTheyFail() {
    List<URI> urls = PeerUrls.parse(List.of("http://a:1", "https://[::1]", "http://etcd_1:3"));
    UrlPicker picker = new UrlPicker(urls);
    assertEquals(urls.get(0), picker.pick());
    picker.failed(urls.get(0));
    picker.failed(urls.get(0));
    assertEquals(urls.get(1), picker.pick());
    picker.failed(urls.get(1));
    picker.failed(urls.get(2));
    assertEquals(urls.get(0), picker.pick());
    assertEquals("::1 443", PeerUrls.host(urls.get(1)) + " " + PeerUrls.port(urls.get(1)));
    assertEquals("etcd_1 3", PeerUrls.host(urls.get(2)) + " " + PeerUrls.port(urls.get(2)));
  }
}
