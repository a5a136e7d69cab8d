package io.sampo.node.state.mvcc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.mvccpb.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyVersionTest {
  @Property
  void encodesAsTheGeneratedMessageDoes(
      @ForAll @Size(min = 1, max = 200) byte[] key,
      @ForAll @Size(max = 300) byte[] value,
      @ForAll @LongRange(min = 1) long create,
      @ForAll @LongRange(min = 1) long mod,
      @ForAll @LongRange(min = 1) long version,
      @ForAll long lease) {
    KeyVersion written =
        KeyVersion.put(key, ByteString.copyFrom(value), create, mod, 3, version, lease);
    KeyValue message =
        KeyValue.newBuilder()
            .setKey(ByteString.copyFrom(key))
            .setValue(ByteString.copyFrom(value))
            .setCreateRevision(create)
            .setModRevision(mod)
            .setVersion(version)
            .setLease(lease)
            .build();
    assertArrayEquals(message.toByteArray(), written.encoded());
    assertArrayEquals(
        message.toBuilder().clearValue().build().toByteArray(), written.encodedWithoutValue(true));
    assertArrayEquals(
        message.toBuilder().clearValue().clearLease().build().toByteArray(),
        written.encodedWithoutValue(false));
    assertEquals(message, written.toKeyValue());
    assertSame(written, KeyVersion.stored(message.toByteArray(), mod, 3, false));
  }

  @Property
  void aTombstoneStoresItsKeyAndShowsItsRevision(
      @ForAll @Size(min = 1, max = 200) byte[] key,
      @ForAll @LongRange(min = 1) long mod,
      @ForAll @IntRange(min = 0) int sub)
      throws InvalidProtocolBufferException {
    KeyVersion tombstone = KeyVersion.tombstone(key, mod, sub);
    KeyValue stored = KeyValue.newBuilder().setKey(ByteString.copyFrom(key)).build();
    assertArrayEquals(stored.toByteArray(), tombstone.encoded());
    assertEquals(
        stored.toBuilder().setModRevision(mod).build(),
        KeyValue.parseFrom(tombstone.encodedForEvent()));
    assertTrue(tombstone.isTombstone());
    assertSame(tombstone, KeyVersion.stored(stored.toByteArray(), mod, sub, true));
  }

  @Property
  void comparesKeysByUnsignedBytes(
      @ForAll @Size(min = 1, max = 4) byte[] left, @ForAll @Size(min = 1, max = 4) byte[] right) {
    KeyVersion version = KeyVersion.tombstone(left, 1, 0);
    int expected = Integer.signum(Arrays.compareUnsigned(left, right));
    assertEquals(expected, Integer.signum(version.compareKey(right)));
    assertEquals(expected, Integer.signum(version.compareKey(KeyVersion.tombstone(right, 1, 0))));
  }

  @Property
  void theRevisionOfAnEntryIsReadBack(
      @ForAll @LongRange(min = 1) long mod, @ForAll @IntRange(min = 0) int sub) {
    byte[] put = RevisionBytes.of(KeyVersion.put(bytes("k"), ByteString.EMPTY, 1, mod, sub, 1, 0));
    byte[] delete = RevisionBytes.of(KeyVersion.tombstone(bytes("k"), mod, sub));
    assertEquals(17, put.length);
    assertEquals(18, delete.length);
    assertEquals(mod, RevisionBytes.main(put));
    assertEquals(sub, RevisionBytes.sub(delete));
    assertTrue(RevisionBytes.isTombstone(delete));
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] encoded =
        KeyVersion.put(bytes("key"), ByteString.copyFromUtf8("value"), 2, 3, 0, 2, 0).encoded();
    byte[] cut = Arrays.copyOf(encoded, encoded.length - 2);
    assertThrows(IllegalArgumentException.class, () -> KeyVersion.stored(cut, 3, 0, false));
    assertThrows(IllegalArgumentException.class, () -> KeyVersion.stored(encoded, 4, 0, false));
    assertThrows(IllegalArgumentException.class, () -> KeyVersion.stored(encoded, 3, 0, true));
    assertThrows(IllegalArgumentException.class, () -> RevisionBytes.main(new byte[16]));
  }

  private static void assertSame(KeyVersion expected, KeyVersion actual) {
    assertArrayEquals(expected.encoded(), actual.encoded());
    assertArrayEquals(expected.key(), actual.key());
    assertArrayEquals(expected.value(), actual.value());
    assertEquals(expected.modRevision(), actual.modRevision());
    assertEquals(expected.subRevision(), actual.subRevision());
    assertEquals(expected.createRevision(), actual.createRevision());
    assertEquals(expected.version(), actual.version());
    assertEquals(expected.lease(), actual.lease());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
