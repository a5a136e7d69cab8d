package io.sampo.persistence.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RollingCrcTest {
  @Property
  void itGoesOnFromAnyValue(@ForAll byte[] bytes, @ForAll byte[] more) {
    CRC32C whole = new CRC32C();
    whole.update(bytes);
    RollingCrc rolling = new RollingCrc();
    rolling.restart((int) whole.getValue());
    assertEquals((int) whole.getValue(), rolling.value());
    whole.update(more);
    rolling.update(ByteBuffer.wrap(more));
    assertEquals((int) whole.getValue(), rolling.value());
  }

  @Property
  void everyValueCanBeTheFirst(@ForAll int value) {
    RollingCrc rolling = new RollingCrc();
    rolling.restart(value);
    assertEquals(value, rolling.value());
    rolling.update(ByteBuffer.wrap(Arrays.copyOf(new byte[] {1}, 1)));
    rolling.restart(value);
    assertEquals(value, rolling.value());
  }
}
