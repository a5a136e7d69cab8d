package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
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
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
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
        StateSettings.DEFAULT,
        () -> 0,
        Runnable::run,
        Materializer.createMaterializer(kit.system()));
  }

  private static void receive(ReceivedStates states, long index, byte[] database) {
    Message message =
        Message.newBuilder()
            .setType(MessageType.MsgSnap)
            .setFrom(1)
            .setSnapshot(
                Snapshot.newBuilder().setMetadata(SnapshotMetadata.newBuilder().setIndex(index)))
            .build();
    states
        .receive(message, Source.single(ByteString.fromArray(database)))
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
