package io.sampo.node.dispatch;

import java.lang.reflect.Field;
import java.nio.channels.Selector;
import java.util.Arrays;

/**
 * Where Pekko keeps its TCP selector: private fields, because Pekko 1.7.0 gives no other way to it.
 *
 * @param registry of a step of the selector: to what it belongs
 * @param select of that: the step that selects
 * @param selector of that: the selector
 */
public record SelectorFields(Field registry, Field select, Field selector) {
  private static final String REGISTRY = "org.apache.pekko.io.SelectionHandler$ChannelRegistryImpl";

  /**
   * Those of the Pekko that runs.
   *
   * @throws ReflectiveOperationException if it keeps its selector elsewhere
   */
  public static SelectorFields ofPekko() throws ReflectiveOperationException {
    return of(Class.forName(REGISTRY, false, SelectorFields.class.getClassLoader()));
  }

  /**
   * Those of a class that is built like Pekko's.
   *
   * @throws NoSuchFieldException if it is not
   */
  public static SelectorFields of(Class<?> registry) throws NoSuchFieldException {
    Field select = field(registry, "select");
    Field owner = field(select.getType(), "$outer");
    if (owner.getType() != registry) {
      throw new NoSuchFieldException(owner + " is of another class");
    }
    Field selector =
        Arrays.stream(registry.getDeclaredFields())
            .filter(field -> Selector.class.isAssignableFrom(field.getType()))
            .findFirst()
            .orElseThrow(() -> new NoSuchFieldException("selector"));
    selector.setAccessible(true);
    return new SelectorFields(owner, select, selector);
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
