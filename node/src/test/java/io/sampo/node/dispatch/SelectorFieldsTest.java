package io.sampo.node.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;

class SelectorFieldsTest {

  /** Keeps the selector, but has no step that selects. */
  private static final class WithoutSelect {
    Selector selector;
  }

  /** Its step does not say to what it belongs. */
  private static final class WithoutOwner {
    Runnable select;
    Selector selector;
  }

  @Test
  void pekkoHasThem() throws ReflectiveOperationException {
    SelectorFields fields = SelectorFields.ofPekko();
    assertEquals(fields.registry().getType(), fields.select().getDeclaringClass());
    assertEquals(fields.registry().getType(), fields.selector().getDeclaringClass());
  }

  @Test
  void aClassThatLacksOneIsRefused() {
    for (Class<?> other : new Class<?>[] {Object.class, WithoutSelect.class, WithoutOwner.class}) {
      assertThrows(NoSuchFieldException.class, () -> SelectorFields.of(other), other.getName());
    }
  }
}
