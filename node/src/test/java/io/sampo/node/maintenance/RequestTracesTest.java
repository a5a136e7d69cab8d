package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.Test;

class RequestTracesTest {
  private final List<String> told = new ArrayList<>();
  private final GrpcMethod put =
      new GrpcMethod.Unary("/etcdserverpb.KV/Put", (message, call) -> new CompletableFuture<>());
  private final RequestTraces traces =
      new RequestTraces(
          new GrpcListener() {
            @Override
            public void started(GrpcMethod method, GrpcCall call, long bytes) {
              told.add("started");
            }

            @Override
            public void finished(
                GrpcMethod method, GrpcCall call, Status.Code code, long bytes, long nanos) {
              told.add("finished");
            }

            @Override
            public void streamed(GrpcMethod method, boolean received, int messages, long bytes) {
              told.add("streamed");
            }
          },
          () -> 1_000);

  @Test
  void callsUnderWayAndTheLastOnesAreShown() throws Exception {
    traces.started(put, null, 0);
    for (int i = 0; i < 12; i++) {
      traces.started(put, null, 0);
      traces.finished(put, null, i == 0 ? Status.Code.UNAVAILABLE : Status.Code.OK, 0, 60_000_000);
    }
    traces.streamed(put, true, 1, 0);
    String page =
        ((HttpEntity.Strict)
                traces
                    .apply(HttpRequest.GET(RequestTraces.PATH))
                    .toCompletableFuture()
                    .get()
                    .entity())
            .getData()
            .utf8String();
    assertTrue(
        page.contains("<tr><td>etcdserverpb.KV/Put</td><td>1</td><td>12</td><td>12</td><td>0</td>"),
        page);
    assertTrue(page.contains("1970-01-01T00:00:01Z 0.060000 s OK<br>"), page);
    assertEquals(RequestTraces.LAST, page.split("<br>").length - 1);
    assertEquals(26, told.size());
  }
}
