package io.sampo.node.logging;

import java.lang.StackWalker.StackFrame;

/**
 * The place a log line comes from, as {@code package/File.java:12}. It walks the stack of the
 * logging thread only as far as the first frame outside of the logging libraries, so it is to be
 * asked on that thread.
 */
final class Caller {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private static final String[] LIBRARIES = {
    "ch.qos.logback.", "org.slf4j.", "io.sampo.node.logging.", "java.util.logging.", "jdk.internal."
  };

  /** Pekko logs from an actor of its own: the stack says nothing about who spoke. */
  private static final String PEKKO_LOGGING = "org.apache.pekko.event.";

  private Caller() {}

  /** The caller; the name of the logger where the stack does not tell it. */
  static String find(String loggerName) {
    return WALKER.walk(
        frames ->
            frames
                .filter(frame -> !isLibrary(frame.getClassName()))
                .findFirst()
                .filter(frame -> !frame.getClassName().startsWith(PEKKO_LOGGING))
                .map(Caller::format)
                .orElseGet(() -> shortName(loggerName)));
  }

  private static boolean isLibrary(String className) {
    for (String library : LIBRARIES) {
      if (className.startsWith(library)) {
        return true;
      }
    }
    return false;
  }

  private static String format(StackFrame frame) {
    String className = frame.getClassName();
    int dot = className.lastIndexOf('.');
    String folder =
        dot < 0 ? "" : className.substring(className.lastIndexOf('.', dot - 1) + 1, dot) + "/";
    String file = frame.getFileName();
    return folder
        + (file == null ? className.substring(dot + 1) : file)
        + ":"
        + Math.max(0, frame.getLineNumber());
  }

  private static String shortName(String loggerName) {
    int dot = loggerName.lastIndexOf('.');
    return dot < 0
        ? loggerName
        : loggerName.substring(loggerName.lastIndexOf('.', dot - 1) + 1, dot)
            + "/"
            + loggerName.substring(dot + 1);
  }
}
