package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** gofail's switchboard in a real process. */
class FailpointTest {
  private final String switchboard = "127.0.0.1:" + FreePorts.take();

  @Test
  void aProcessStandsStillAndDiesWhereItIsTold() {
    try (ServerUnderTest server =
            ServerUnderTest.start(
                with("GOFAIL_HTTP=" + switchboard), "--bootstrap-defrag-threshold-megabytes=1000");
        GrpcClient client = new GrpcClient(server.url().replace("http://", ""))) {
      assertTrue(
          server
              .log()
              .contains("\"current-db-size\":\"20 kB\",\"current-db-size-in-use-bytes\":20480"),
          server::log);
      assertTrue(server.log().contains("\"msg\":\"Skipping defragmentation\""));
      assertTrue(Http.tryGet(at("")).orElseThrow().body().contains("\nraftBeforeSave=\n"));

      set("beforeApplyOneEntryNormal", "1*sleep(\"300ms\")");
      put(client, "slow");
      assertTrue(server.log().contains("request stats"), server::log);
      assertEquals("1", Http.tryGet(at("beforeApplyOneEntryNormal/count")).orElseThrow().body());

      set("raftBeforeSave", "panic(\"pulled\")");
      client.callLater(
          "/etcdserverpb.KV/Put",
          request("lost"),
          PutResponse.getDefaultInstance(),
          CallOptions.DEFAULT,
          answer -> {});
      assertEquals(2, server.awaitExit(Duration.ofSeconds(20)));
      assertTrue(server.log().contains("panic: failpoint panic: pulled"));
      server.start();
      assertEquals(1, keys(client, "slow"));
      assertEquals(0, keys(client, "lost"));
    }
  }

  @Test
  void whatTheVariableSaysCountsFromTheStart() {
    try (ServerUnderTest server =
        ServerUnderTest.start(
            with(
                "GOFAIL_HTTP=" + switchboard,
                "GOFAIL_FAILPOINTS=beforePublishing=print;nowhere=panic"))) {
      assertTrue(server.log().contains("failpoint print: beforePublishing"), server::log);
      assertFalse(server.log().contains("nowhere"));
      assertEquals("print\n", Http.tryGet(at("beforePublishing")).orElseThrow().body());
    }
  }

  private static ServerProgram with(String... variables) {
    return new ServerProgram(
        "sampo with failpoints",
        Stream.concat(
                Stream.concat(Stream.of("env"), Stream.of(variables)),
                ServerProgram.underTest().command().stream())
            .toList());
  }

  private String at(String page) {
    return "http://" + switchboard + "/" + page;
  }

  private void set(String failpoint, String terms) {
    assertEquals(204, Http.send("PUT", at(failpoint), terms).status());
  }

  private static PutRequest request(String key) {
    return PutRequest.newBuilder().setKey(Etcd.bytes(key)).setValue(ByteString.EMPTY).build();
  }

  private static void put(GrpcClient client, String key) {
    new Etcd(client).put(request(key).toBuilder());
  }

  private static long keys(GrpcClient client, String key) {
    return new Etcd(client)
        .range(RangeRequest.newBuilder().setKey(Etcd.bytes(key)).setCountOnly(true))
        .getCount();
  }
}
