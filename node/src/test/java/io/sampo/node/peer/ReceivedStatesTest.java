package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.disk.DiskSpace;
import io.sampo.persistence.snapshot.BboltLayout;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a leader sends is believed when it has been restored, and not before. */
class ReceivedStatesTest {
  private static final int PAGE_BYTES = 4096;
  private static final long INDEX = 3;

  @TempDir private Path directory;

  private final ActorTestKit kit = ActorTestKit.create();
  private volatile long usableBytes = Long.MAX_VALUE;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static byte[] state() throws IOException {
    return state(INDEX);
  }

  private static byte[] state(long lastIndex) throws IOException {
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    for (long index = 1; index <= lastIndex; index++) {
      PutRequest.Builder put =
          PutRequest.newBuilder()
              .setKey(com.google.protobuf.ByteString.copyFromUtf8("key" + index))
              .setValue(com.google.protobuf.ByteString.copyFromUtf8("value"));
      machine.apply(InternalRaftRequest.newBuilder().setPut(put).build(), index, 1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BboltLayout.plan(machine.image()).writeTo(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  private ReceivedStates states() {
    return new ReceivedStates(
        directory,
        () -> usableBytes,
        StateSettings.DEFAULT,
        () -> 0,
        Runnable::run,
        Materializer.createMaterializer(kit.system()));
  }

  private static SnapshotReceiver.Kept receive(ReceivedStates states, long index, byte[] database) {
    return states
        .receive(
            snapshot(index), OptionalLong.empty(), Source.single(ByteString.fromArray(database)))
        .toCompletableFuture()
        .join();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static byte[] withoutChecksums(byte[] sound) {
    byte[] damaged = sound.clone();
    for (int meta = 0; meta < 2; meta++) {
      damaged[meta * PAGE_BYTES + 40] ^= 1;
    }
    return damaged;
  }

  @Test
  void aDamagedStateIsThrownAwayAndTheNextOneIsTaken() throws IOException {
    byte[] sound = state();
    ReceivedStates states = states();
    List<byte[]> damaged =
        List.of(
            new byte[0],
            new byte[3 * PAGE_BYTES],
            withoutChecksums(sound),
            Arrays.copyOf(sound, sound.length - PAGE_BYTES));
    for (byte[] each : damaged) {
      assertThrows(CompletionException.class, () -> receive(states, INDEX, each));
      assertEquals(List.of(), files());
      assertTrue(states.take(INDEX).isEmpty());
    }
    ReceivedStates again = states();
    receive(again, INDEX, sound);
    assertEquals(List.of(), files());
    assertEquals(INDEX + 1, again.take(INDEX).orElseThrow().view().revision());
  }

  /** Simulator, seed 402436: the leaders of the other two had lost what they had not committed. */
  @Test
  void theStateThatCameLastIsThereThoughOlderThanTwoThatRaftNeverAskedFor() throws IOException {
    ReceivedStates states = states();
    receive(states, INDEX + 1, state(INDEX + 1)).onHandled().run();
    receive(states, INDEX + 2, state(INDEX + 2)).onHandled().run();
    receive(states, INDEX, state());
    assertEquals(INDEX + 1, states.take(INDEX).orElseThrow().view().revision());
  }

  @Test
  void aStateWhoseMessageRaftHasNotHandledIsNotThrownAwayForAnother() throws IOException {
    ReceivedStates states = states();
    receive(states, INDEX, state());
    SnapshotReceiver.Kept second = receive(states, INDEX + 1, state(INDEX + 1));
    var refused =
        assertThrows(CompletionException.class, () -> receive(states, INDEX + 2, state(INDEX + 2)));
    assertEquals("another snapshot is being installed", refused.getCause().getMessage());
    second.onHandled().run();
    receive(states, INDEX + 2, state(INDEX + 2));
    assertEquals(INDEX + 1, states.take(INDEX).orElseThrow().view().revision());
    assertTrue(states.take(INDEX + 1).isEmpty());
    assertEquals(INDEX + 3, states.take(INDEX + 2).orElseThrow().view().revision());
  }

  @Test
  void ofTwoLeadersWithTheSameIndexTheSecondsStateStaysWhenTheFirstsMessageWasNotTaken()
      throws IOException {
    ReceivedStates states = states();
    SnapshotReceiver.Kept first = receive(states, INDEX, state());
    receive(states, INDEX, state());
    first.onHandled().run();
    assertTrue(states.take(INDEX).isPresent());
  }

  private static Message snapshot(long index) {
    return Message.newBuilder()
        .setType(MessageType.MsgSnap)
        .setFrom(1)
        .setSnapshot(
            Snapshot.newBuilder().setMetadata(SnapshotMetadata.newBuilder().setIndex(index)))
        .build();
  }

  private String whyRefused(OptionalLong announced, Source<ByteString, NotUsed> database) {
    var refused =
        assertThrows(
            CompletionException.class,
            () ->
                states()
                    .receive(snapshot(INDEX), announced, database)
                    .toCompletableFuture()
                    .join());
    // Pekko says that the file is not whole; the cause says why.
    return refused.getCause().getCause().getMessage();
  }

  @Test
  void whatTheDiskCannotHoldIsRefusedBeforeItComes() throws IOException {
    usableBytes = DiskSpace.LOG_RESERVE_BYTES + 999;
    assertEquals(
        "it needs 1000 bytes, the disk has 999 left beside the log's reserve",
        whyRefused(OptionalLong.of(1000), Source.single(ByteString.fromArray(new byte[10]))));
    assertEquals(List.of(), files());
  }

  /** Its sender does not end, and must have its answer all the same. */
  @Test
  void aDiskThatFillsUpCostsTheSnapshot() throws IOException {
    AtomicLong left = new AtomicLong(DiskSpace.LOG_RESERVE_BYTES + (3 << 20));
    ByteString piece = ByteString.fromArray(new byte[1 << 18]);
    Source<ByteString, NotUsed> endless =
        Source.repeat(piece)
            .map(
                each -> {
                  usableBytes = left.addAndGet(-each.size());
                  return each;
                });
    String why = whyRefused(OptionalLong.empty(), endless);
    assertTrue(why.contains("left beside the log's reserve"), why);
    assertEquals(List.of(), files());

    usableBytes = Long.MAX_VALUE;
    ReceivedStates again = states();
    receive(again, INDEX, state());
    assertEquals(INDEX + 1, again.take(INDEX).orElseThrow().view().revision());
  }

  @Test
  void twoLeadersMaySendBeforeRaftAsksForEither() throws IOException {
    ReceivedStates states = states();
    receive(states, INDEX, state(INDEX));
    receive(states, INDEX + 1, state(INDEX + 1));
    assertEquals(INDEX + 1, states.take(INDEX).orElseThrow().view().revision());
    assertEquals(INDEX + 2, states.take(INDEX + 1).orElseThrow().view().revision());
  }

  @Test
  void aStateThatEndsBeforeItsIndexIsNotBelieved() throws IOException {
    byte[] sound = state();
    ReceivedStates states = states();
    assertThrows(CompletionException.class, () -> receive(states, INDEX + 1, sound));
    assertEquals(List.of(), files());
  }
}
