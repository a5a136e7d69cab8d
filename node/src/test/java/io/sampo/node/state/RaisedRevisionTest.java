package io.sampo.node.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.state.bucket.BucketSource;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RevisionBytes;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What {@code etcdutl snapshot restore --bump-revision=1000 --mark-compacted} makes of a state. */
class RaisedRevisionTest {
  private static final long RAISED = 1_005;

  @Test
  void theStoreGoesOnFromThereAndHasForgottenWhatWasBefore() throws IOException {
    StateMachine raised = raised();
    assertEquals(RAISED, raised.view().revision());
    while (raised.compactStep()) {
      assertTrue(raised.view().compactRevision() > 0);
    }
    assertEquals(RAISED, raised.view().compactRevision());
  }

  /** It stands under a key that no request can name, and stays through snapshots. */
  @Test
  void nobodySeesTheMark() throws IOException {
    StateMachine raised = raised();
    var all =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFrom(new byte[1]))
            .setRangeEnd(ByteString.copyFrom(new byte[1]))
            .build();
    assertEquals(2, raised.view().range(RangeQuery.of(all)).count());
    TreeMap<String, Integer> kept = new TreeMap<>();
    raised.image().buckets().stream()
        .filter(bucket -> bucket.name().equals("key"))
        .forEach(
            bucket ->
                bucket.forEach(
                    (revision, value) ->
                        kept.put(RevisionBytes.main(revision) + "", value.length)));
    assertEquals(0, kept.get(RAISED + ""));
  }

  private static StateMachine raised() throws IOException {
    Machine machine = new Machine();
    machine.put("a", "1");
    machine.put("a", "2");
    machine.put("b", "1");
    var buckets = machine.contents();
    BucketSource source =
        (name, visitor) -> {
          for (byte[][] entry : buckets.getOrDefault(name, List.of())) {
            visitor.accept(entry[0], entry[1]);
          }
          if (name.equals("key")) {
            visitor.accept(RevisionBytes.ofMain(RAISED), new byte[0]);
          } else if (name.equals("meta")) {
            visitor.accept("scheduledCompactRev".getBytes(UTF_8), RevisionBytes.ofMain(RAISED));
          }
        };
    return StateMachine.restore(StateSettings.DEFAULT, source);
  }
}
