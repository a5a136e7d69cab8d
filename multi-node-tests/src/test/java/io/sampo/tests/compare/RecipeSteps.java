package io.sampo.tests.compare;

import static io.sampo.tests.grpc.Etcd.bytes;

import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.protocol.v3lockpb.LockResponse;
import io.sampo.tests.grpc.GrpcStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Locks and elections with leases 101 and 102, in an order: each step builds on those before. */
final class RecipeSteps {

  private static final Duration QUIET = Duration.ofMillis(400);

  /** Base64: l is bA==, e is ZQ==, l/65 is bC82NQ==, l/66 is bC82Ng==, e/65 is ZS82NQ==. */
  private static final String[][] POSTS = {
    {"/v3/lease/grant", "{'ID':'101','TTL':'300'}"},
    {"/v3/lease/grant", "{'ID':'102','TTL':'300'}"},
    {"/v3/lock/lock", "{'name':'bA==','lease':'101'}"},
    {"/v3/lock/lock", "{'name':'bA==','lease':'101'}"},
    {"/v3/lock/lock", "{'name':'bA==','lease':'4711'}"},
    {"/v3/lock/lock", "{'name':'bA==','lease':'-5'}"},
    {"/v3/lock/lock", "{'lease':'101'}"},
    {"/v3/lock/unlock", "{'key':'bm9uZQ=='}"},
    {"/v3/lock/unlock", "{}"},
    {"/v3/election/leader", "{'name':'ZQ=='}"},
    {"/v3/election/campaign", "{'name':'ZQ==','lease':'4711','value':'dg=='}"},
    {"/v3/election/campaign", "{'name':'ZQ==','lease':'101','value':'dg=='}"},
    {"/v3/election/campaign", "{'name':'ZQ==','lease':'101','value':'dg=='}"},
    {"/v3/election/campaign", "{'name':'ZQ==','lease':'101','value':'dw=='}"},
    {"/v3/election/leader", "{'name':'ZQ=='}"},
    {"/v3/election/leader", "{}"},
    {"/v3/election/proclaim", "{'value':'dw=='}"},
    {"/v3/election/proclaim", "{'leader':{},'value':'dw=='}"},
    {
      "/v3/election/proclaim",
      "{'leader':{'name':'ZQ==','key':'ZS82NQ==','rev':'1','lease':'101'},'value':'dw=='}"
    },
    {
      "/v3/election/proclaim",
      "{'leader':{'name':'ZQ==','key':'bm8=','rev':'0','lease':'101'},'value':'dw=='}"
    },
    {
      "/v3/election/proclaim",
      "{'leader':{'name':'ZQ==','key':'bm8y','rev':'0','lease':'4711'},'value':'dw=='}"
    },
    {"/v3/election/resign", "{}"},
    {"/v3/election/resign", "{'leader':{}}"},
    {"/v3/election/resign", "{'leader':{'name':'ZQ==','key':'ZS82NQ==','rev':'1','lease':'101'}}"},
  };

  private RecipeSteps() {}

  static List<Step> all() {
    List<Step> steps = new ArrayList<>();
    for (String[] post : POSTS) {
      String body = post[1].replace('\'', '"');
      steps.add(
          new Step(
              "recipe" + post[0] + " " + post[1], target -> target.http("POST", post[0], body)));
    }
    steps.add(new Step("recipe/grpc/second waits for the first", RecipeSteps::contend));
    return steps;
  }

  private static String contend(Target target) {
    LockRequest request = LockRequest.newBuilder().setName(bytes("l")).setLease(102).build();
    try (GrpcStream<LockResponse> second =
        target.client().stream("/v3lockpb.Lock/Lock", LockResponse.getDefaultInstance())) {
      second.send(request);
      second.halfClose();
      String answer = "early answers " + second.drain(QUIET).size() + "\n";
      answer += target.http("POST", "/v3/lock/unlock", "{\"key\":\"bC82NQ==\"}");
      return answer + Rendering.message(second.next()) + second.end().getCode();
    }
  }
}
