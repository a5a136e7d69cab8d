package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import org.junit.jupiter.api.Test;

class ResponseHeadersTest {
  private final ResponseHeaders headers =
      new ResponseHeaders(7, 1, () -> new RaftStatus(1, 5, 1, RoleName.LEADER, 9, 9), () -> 40);

  private static ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(7)
        .setMemberId(1)
        .setRaftTerm(5)
        .setRevision(revision)
        .build();
  }

  @Test
  void aResponseKeepsTheRevisionThatItWasAppliedAt() {
    PutResponse applied =
        PutResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(12)).build();
    assertEquals(PutResponse.newBuilder().setHeader(header(12)).build(), headers.complete(applied));
  }

  @Test
  void aResponseWithoutARevisionGetsTheCurrentOne() {
    assertEquals(header(40), headers.complete(AlarmResponse.getDefaultInstance()).getHeader());
  }

  @Test
  void aChunkWithoutAHeaderStaysSo() {
    RangeStreamResponse chunk =
        RangeStreamResponse.newBuilder()
            .setRangeResponse(RangeResponse.newBuilder().setCount(3))
            .build();
    assertSame(chunk, headers.complete(chunk));
    RangeStreamResponse last =
        RangeStreamResponse.newBuilder()
            .setRangeResponse(
                RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(12)))
            .build();
    assertEquals(header(12), headers.complete(last).getRangeResponse().getHeader());
  }
}
