package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.persistence.log.LogEvent.BatchPersisted;
import io.sampo.persistence.log.LogEvent.PrefixCompacted;
import io.sampo.persistence.log.LogEvent.SnapshotInstalled;
import io.sampo.protocol.raftpb.ConfState;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogEventSerializerTest {
  private static final ConfState MEMBERS =
      ConfState.newBuilder().addVoters(-1).addVoters(2).addLearners(3).build();

  private final LogEventSerializer serializer = new LogEventSerializer();

  static List<LogEvent> events() {
    return List.of(
        new BatchPersisted(1, null, List.of()),
        new BatchPersisted(300, new HardState(5, -7), List.of()),
        new BatchPersisted(Long.MAX_VALUE, null, LogHarness.entries(4, 9, 3, 500)),
        new BatchPersisted(2, new HardState(4, 0), LogHarness.entries(4, 1, 1, 0)),
        new PrefixCompacted(9, 4, new HardState(3, -1), 100, 2, 105, MEMBERS, 200, 3),
        new SnapshotInstalled(8, new HardState(3, 1), 77, 2, ConfState.getDefaultInstance()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventComesBackAsItWas(LogEvent event) throws Exception {
    assertEquals(
        event, serializer.fromBinary(serializer.toBinary(event), serializer.manifest(event)));
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyChangedBitIsFound(LogEvent event) {
    byte[] bytes = serializer.toBinary(event);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThrows(
          JournalDamagedException.class,
          () -> serializer.fromBinary(changed, serializer.manifest(event)));
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyCutIsFound(LogEvent event) {
    byte[] bytes = serializer.toBinary(event);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(
          JournalDamagedException.class,
          () -> serializer.fromBinary(cut, serializer.manifest(event)));
    }
  }

  @Test
  void anUnknownFormIsRefused() {
    assertThrows(
        NotSerializableException.class, () -> serializer.fromBinary(new byte[0], "batch-2"));
  }
}
