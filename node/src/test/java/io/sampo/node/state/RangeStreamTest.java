package io.sampo.node.state;

import static io.sampo.node.state.Requests.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeStreamChunks;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The messages of a RangeStream, etcd 3.7.1's rangeStream. */
class RangeStreamTest {
  private static final int KEYS = 200;
  private static final int LARGE = 1 << 20;

  private final Machine machine = new Machine();

  @BeforeEach
  void manyKeys() {
    for (int i = 0; i < KEYS; i++) {
      machine.put(String.format("k%03d", i), "value");
    }
  }

  @Test
  void chunksDoubleWhileTheyAreSmallAndOnlyTheLastHasAHeader() {
    List<RangeResponse> chunks = all(range("k", "l"), LARGE);
    assertEquals(
        List.of(10, 20, 40, 80, 50), chunks.stream().map(RangeResponse::getKvsCount).toList());
    for (RangeResponse chunk : chunks.subList(0, 4)) {
      assertFalse(chunk.hasHeader());
      assertEquals(0, chunk.getCount());
      assertFalse(chunk.getMore());
    }
    assertEquals(KEYS + 1, chunks.get(4).getHeader().getRevision());
    assertEquals(KEYS, chunks.get(4).getCount());
    assertFalse(chunks.get(4).getMore());
  }

  @Test
  void chunksHalveWhileTheyAreLargeAndHaveAtLeastOneKey() {
    List<RangeResponse> chunks = all(range("k", "k020"), 10);
    assertEquals(
        List.of(10, 5, 2, 1, 1, 1), chunks.stream().map(RangeResponse::getKvsCount).toList());
  }

  @Test
  void aLimitEndsItWithMoreAndTheCountOfAll() {
    List<RangeResponse> chunks = all(range("k", "l").setLimit(25), LARGE);
    assertEquals(List.of(10, 15), chunks.stream().map(RangeResponse::getKvsCount).toList());
    assertTrue(chunks.get(1).getMore());
    assertEquals(KEYS, chunks.get(1).getCount());
    assertEquals(5, all(range("k", "l").setLimit(5), LARGE).get(0).getKvsCount());
  }

  @Test
  void orderNoneSortsEachChunkByItsTargetAndGoesOnBehindItsLastKey() {
    // Values fall as keys rise: the first chunk takes k000 to k010 and drops k000, which comes
    // last.
    for (int i = 0; i < 13; i++) {
      machine.put(String.format("k%03d", i), String.format("%03d", 100 - i));
    }
    List<RangeResponse> chunks =
        all(range("k", "k013").setSortTarget(RangeRequest.SortTarget.VALUE), LARGE);
    assertEquals(
        List.of("k010", "k009", "k008", "k007", "k006", "k005", "k004", "k003", "k002", "k001"),
        chunks.get(0).getKvsList().stream().map(kv -> kv.getKey().toStringUtf8()).toList());
    assertEquals("k012", chunks.get(1).getKvs(0).getKey().toStringUtf8());
    assertEquals("k002", chunks.get(1).getKvs(10).getKey().toStringUtf8());
    assertEquals(21, chunks.get(1).getCount());
  }

  @Test
  void countOnlyIsOneMessage() {
    List<RangeResponse> chunks = all(range("k", "l").setCountOnly(true), LARGE);
    assertEquals(1, chunks.size());
    assertEquals(KEYS, chunks.get(0).getCount());
    assertEquals(KEYS + 1, chunks.get(0).getHeader().getRevision());
  }

  @Test
  void anOldRevisionIsReadUnderTheHeaderOfTheNewest() {
    List<RangeResponse> chunks = all(range("k", "l").setRevision(13).setKeysOnly(true), LARGE);
    RangeResponse last = chunks.get(chunks.size() - 1);
    assertEquals(12, last.getCount());
    assertEquals(KEYS + 1, last.getHeader().getRevision());
    assertTrue(last.getKvs(0).getValue().isEmpty());
  }

  @Test
  void nothingIsOneMessageWithAHeader() {
    List<RangeResponse> chunks = all(range("x", "y"), LARGE);
    assertEquals(1, chunks.size());
    assertEquals(KEYS + 1, chunks.get(0).getHeader().getRevision());
  }

  /** What kube-apiserver's client makes of a stream: it fails a list with an empty chunk in it. */
  @Test
  void onlyTheLastMessageMayBeEmptyAndItSaysHowManyThereAreAndWhetherThereAreMore() {
    for (int prefix : new int[] {0, 1, 10, 11, 30, KEYS}) {
      for (long revision : new long[] {0, KEYS / 2, KEYS + 1}) {
        for (long limit : new long[] {0, 1, 9, 10, 11, 30, KEYS, KEYS + 1}) {
          int there = revision == 0 ? prefix : (int) Math.min(prefix, revision - 1);
          String end = "k%03d".formatted(prefix);
          listed(all(range("k", end).setRevision(revision).setLimit(limit), LARGE), there, limit);
          listed(all(range("k", end).setRevision(revision).setLimit(limit), 50), there, limit);
        }
      }
    }
  }

  private static void listed(List<RangeResponse> chunks, int there, long limit) {
    for (RangeResponse chunk : chunks.subList(0, chunks.size() - 1)) {
      assertTrue(chunk.getKvsCount() > 0);
      assertFalse(chunk.getMore());
    }
    RangeResponse last = chunks.get(chunks.size() - 1);
    int keys = chunks.stream().mapToInt(RangeResponse::getKvsCount).sum();
    assertEquals(limit == 0 ? there : Math.min(there, limit), keys);
    assertEquals(there, last.getCount());
    assertEquals(keys < there, last.getMore());
    assertEquals(KEYS + 1, last.getHeader().getRevision());
    assertTrue(last.getKvsCount() > 0 || there == 0);
  }

  @Test
  void writesAfterTheFirstChunkAreNotSeen() {
    RangeStreamChunks chunks = stream(range("k", "l"), LARGE);
    chunks.next();
    machine.put("k150x", "late");
    int keys = 10;
    while (chunks.hasNext()) {
      keys += chunks.next().result().versions().size();
    }
    assertEquals(KEYS, keys);
  }

  @Test
  void aCompactionThatOvertakesItEndsIt() {
    RangeStreamChunks chunks = stream(range("k", "l"), LARGE);
    chunks.next();
    machine.put("z", "late");
    machine.done(Requests.compact(KEYS + 1));
    chunks.next();
    machine.done(Requests.compact(KEYS + 2));
    assertEquals(EtcdError.COMPACTED.exception(), assertThrows(EtcdException.class, chunks::next));
    assertFalse(chunks.hasNext());
  }

  @Test
  void aRevisionThatCannotBeReadFailsAtTheStart() {
    RangeStreamChunks chunks = stream(range("k", "l").setRevision(KEYS + 2), LARGE);
    assertEquals(
        EtcdError.FUTURE_REVISION.exception(), assertThrows(EtcdException.class, chunks::next));
  }

  private RangeStreamChunks stream(RangeRequest.Builder request, int targetBytes) {
    return new RangeStreamChunks(request.build(), machine.state::view, targetBytes, SendLimit.ETCD);
  }

  private List<RangeResponse> all(RangeRequest.Builder request, int targetBytes) {
    List<RangeResponse> responses = new ArrayList<>();
    stream(request, targetBytes).forEachRemaining(chunk -> responses.add(parsed(chunk)));
    return responses;
  }

  private static RangeResponse parsed(RangeStreamChunks.Chunk chunk) {
    RangeResponseEncoder encoder =
        RangeResponseEncoder.streamed(
            chunk.last() ? Headers.at(chunk.result().revision()) : null, chunk.result());
    encoder.measure(Integer.MAX_VALUE);
    byte[] bytes = new byte[(int) encoder.size()];
    encoder.write(bytes, 0, bytes.length);
    try {
      return RangeStreamResponse.parseFrom(bytes).getRangeResponse();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
