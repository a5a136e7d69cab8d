package io.sampo.node.boot;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A signal that asked this process to end. After an orderly stop the process ends as by that very
 * signal, as etcd does: systemd calls an exit code of 143 a failure, and an end by SIGTERM none.
 *
 * <p>Nothing of this runs before the signal is there. Java's own handler has begun the shutdown by
 * then, on a thread that it names after the signal.
 */
enum TerminationSignal {
  HUP("hangup"),
  INT("interrupt"),
  TERM("terminated");

  /** How long the process waits for its end once the signal was sent. */
  private static final long PATIENCE_SECONDS = 2;

  /** The first process of a container, which no signal with its default action can end. */
  private static final long INIT = 1;

  private final String text;

  TerminationSignal(String text) {
    this.text = text;
  }

  /** Which signal began the shutdown of this process; empty if none did. For a shutdown hook. */
  static Optional<TerminationSignal> received() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread[] threads = new Thread[group.activeCount() + 64];
    group.enumerate(threads);
    return of(Arrays.stream(threads).filter(Objects::nonNull).map(Thread::getName));
  }

  /** Likewise, by the names of all threads. */
  static Optional<TerminationSignal> of(Stream<String> threadNames) {
    return threadNames
        .flatMap(
            name ->
                Arrays.stream(values()).filter(signal -> name.equals("SIG" + signal + " handler")))
        .findFirst();
  }

  /** The signal in Go's words, as etcd logs it. */
  String text() {
    return text;
  }

  /**
   * Ends the process by this signal, or with 0 if it is the first of a container; at once, without
   * waiting for other shutdown hooks. Returns only if that cannot be done: the exit code then is
   * Java's, 128 and the signal's number.
   */
  void end() {
    long pid = ProcessHandle.current().pid();
    if (pid == INIT) {
      Runtime.getRuntime().halt(0);
    }
    try {
      restoreDefaultAction();
      // Java offers no way to send a signal to itself whose handler is not Java's.
      new ProcessBuilder("/bin/sh", "-c", "kill -s " + this + " " + pid)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      // The signal ends this sleep together with the process.
      TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
    } catch (ReflectiveOperationException | IOException e) {
      StartupLog.notEndedBySignal(this, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** By reflection, because the compiler warns of these classes and offers no way to say yes. */
  private void restoreDefaultAction() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance(name()),
            handler.getField("SIG_DFL").get(null));
  }
}
