package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.Request;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoggedRequestTest {
  private static final Request ATTRIBUTES =
      Request.newBuilder()
          .setID(7)
          .setMethod("PUT")
          .setPath("/0/members/8e9e05c52164694d/attributes")
          .setVal("{\"name\":\"a\",\"clientURLs\":[\"http://127.0.0.1:2379\"]}")
          .build();
  private static final Request VERSION =
      Request.newBuilder().setID(8).setMethod("PUT").setPath("/0/version").setVal("3.4.0").build();

  @Test
  void aRequestOfTodayIsItself() {
    InternalRaftRequest put =
        InternalRaftRequest.newBuilder()
            .setID(3)
            .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
            .build();
    assertEquals(put, LoggedRequest.of(entry(put.toByteString())));
  }

  @Test
  void whatOldMembersSayOfThemselvesIsUnderstood() {
    for (ByteString data : List.of(ATTRIBUTES.toByteString(), wrapped(ATTRIBUTES))) {
      InternalRaftRequest request = LoggedRequest.of(entry(data));
      assertEquals(7, request.getID());
      var set = request.getClusterMemberAttrSet();
      assertEquals(0x8e9e05c52164694dL, set.getMemberID());
      assertEquals("a", set.getMemberAttributes().getName());
      assertEquals(List.of("http://127.0.0.1:2379"), set.getMemberAttributes().getClientUrlsList());
    }
  }

  @Test
  void andWhatOldLeadersSayOfTheCluster() {
    for (ByteString data : List.of(VERSION.toByteString(), wrapped(VERSION))) {
      assertEquals("3.4.0", LoggedRequest.of(entry(data)).getClusterVersionSet().getVer());
    }
  }

  /** A tick for keys with a time to live, and a key of a user of the v2 store. */
  @Test
  void otherRequestsToTheV2StoreSayNothing() {
    Request sync = Request.newBuilder().setID(9).setMethod("SYNC").setPath("").build();
    Request key = VERSION.toBuilder().setID(9).setPath("/1/key").build();
    Request delete = VERSION.toBuilder().setID(9).setMethod("DELETE").build();
    for (Request request : List.of(sync, key, delete)) {
      for (ByteString data : List.of(request.toByteString(), wrapped(request))) {
        assertEquals(
            InternalRaftRequest.newBuilder().setID(9).build(), LoggedRequest.of(entry(data)));
      }
    }
  }

  @Test
  void garbageIsNoRequest() {
    assertThrows(
        IllegalStateException.class,
        () -> LoggedRequest.of(entry(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2}))));
  }

  private static ByteString wrapped(Request request) {
    return InternalRaftRequest.newBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    2,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(request.toByteString())
                        .build())
                .build())
        .build()
        .toByteString();
  }

  private static Entry entry(ByteString data) {
    return Entry.newBuilder().setIndex(1).setTerm(1).setData(data).build();
  }
}
