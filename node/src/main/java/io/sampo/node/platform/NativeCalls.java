package io.sampo.node.platform;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;

/** The way to {@link CLibrary}, and its failures as those of Java. */
final class NativeCalls {
  /** The number comes first in what JNA says. */
  private static final String ERROR_NUMBER = "^\\[[0-9]+\\] ";

  private NativeCalls() {}

  /** Some calls that belong together. */
  interface Calls {
    void make(CLibrary library) throws IOException;
  }

  /**
   * Makes them.
   *
   * @throws IOException with the reason, also if this is no Linux, or if the library that JNA
   *     brings cannot be loaded here
   */
  static void make(Calls calls) throws IOException {
    if (!Platform.isLinux()) {
      throw new IOException("only Linux has it");
    }
    try {
      calls.make(Native.load("c", CLibrary.class));
    } catch (LastErrorException e) {
      throw new IOException(e.getMessage().replaceFirst(ERROR_NUMBER, ""), e);
    } catch (LinkageError e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
