package io.sampo.node.boot;

import io.sampo.node.boot.NodeStarter.RunningNode;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.failpoint.Switchboard;
import io.sampo.node.logging.Logging;
import io.sampo.node.logging.LoggingSettings;
import io.sampo.node.platform.InitDaemon;
import io.sampo.protocol.nesting.NestedMessages;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * The process. It ends by the signal that asked it to, with exit code 0 after any other orderly
 * end, and with 1 and one line about the reason after all others.
 */
public final class Main {
  private static final int FAILURE = 1;

  private Main() {}

  /** Starts a node and stays until it ends. */
  public static void main(String[] args) {
    if (!beginFailpoints()) {
      System.exit(FAILURE);
    }
    List<String> arguments = List.of(args);
    Boot.Outcome outcome = Boot.read(arguments, System.getenv());
    if (outcome instanceof Boot.Outcome.Help) {
      print(System.out, Help.text());
    } else if (outcome instanceof Boot.Outcome.Version) {
      print(System.out, VersionText.text());
    } else if (outcome instanceof Boot.Outcome.Refused refused) {
      System.exit(refuse(refused, arguments));
    } else if (outcome instanceof Boot.Outcome.Start start) {
      // What an earlier log holds may nest deep.
      Runnable main = () -> System.exit(run(start, arguments));
      new Thread(null, main, "start", NestedMessages.STACK_BYTES).start();
    }
  }

  /** Before anything else, as gofail does; says why if they cannot be had. */
  private static boolean beginFailpoints() {
    Map<String, String> environment = System.getenv();
    if (!environment.containsKey("GOFAIL_HTTP") && !environment.containsKey("GOFAIL_FAILPOINTS")) {
      return true;
    }
    RandomGenerator random = SystemSources.real().secrets().get();
    try {
      Switchboard.begin(environment, random::nextDouble);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      print(System.out, e.getMessage() + "\n");
      return false;
    }
  }

  private static int refuse(Boot.Outcome.Refused refused, List<String> arguments) {
    if (refused.reason().report() == ConfigException.Report.PLAIN) {
      print(System.err, refused.reason().getMessage() + "\n");
      return FAILURE;
    }
    if (setUpLog(refused.log())) {
      StartupLog.notices(refused.notices());
      StartupLog.running(commandLine(arguments));
      StartupLog.refused(refused.reason());
    }
    return FAILURE;
  }

  private static int run(Boot.Outcome.Start start, List<String> arguments) {
    if (!setUpLog(start.config().log())) {
      return FAILURE;
    }
    StartupLog.notices(start.notices());
    StartupLog.running(commandLine(arguments));
    StartupLog.notices(DirectoryNotices.of(start.config().dataDir()));
    AtomicReference<RunningNode> running = new AtomicReference<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running.get()), "stop"));
    try {
      RunningNode node = starter().start(start.config());
      running.set(node);
      OldGeneration.watch();
      notifyInitDaemon();
      return node.awaitEnd();
    } catch (ConfigException e) {
      if (e.report() == ConfigException.Report.JOIN) {
        StartupLog.notJoined(start.config(), e);
      } else {
        StartupLog.refused(e);
      }
      return FAILURE;
    } catch (Exception e) {
      StartupLog.fatal("failed to start", e.getMessage() == null ? e.toString() : e.getMessage());
      return FAILURE;
    }
  }

  private static void notifyInitDaemon() {
    StartupLog.notifying();
    String socket = System.getenv(InitDaemon.VARIABLE);
    try {
      if (socket != null && !socket.isEmpty()) {
        InitDaemon.notifyReady(socket);
      }
      StartupLog.notified();
    } catch (IOException e) {
      StartupLog.notNotified(e);
    }
  }

  /**
   * On the shutdown's thread.
   *
   * @param node null if it has not started yet: then, as in etcd, there is nothing to wait for
   */
  private static void stop(RunningNode node) {
    Optional<TerminationSignal> signal = TerminationSignal.received();
    signal.ifPresent(StartupLog::received);
    if (node != null) {
      node.stop();
    }
    signal.ifPresent(TerminationSignal::end);
  }

  private static NodeStarter starter() {
    return ServiceLoader.load(NodeStarter.class)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no node on the class path"));
  }

  private static boolean setUpLog(LoggingSettings settings) {
    try {
      Logging.apply(settings);
      return true;
    } catch (IOException e) {
      StartupLog.refused(new ConfigException(ConfigException.Report.VERIFY, e.getMessage(), e));
      return false;
    }
  }

  /** The command as it was called, which only the launcher knows, and its arguments. */
  private static List<String> commandLine(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(System.getProperty("sampo.command", "sampo"));
    words.addAll(arguments);
    return words;
  }

  private static void print(PrintStream stream, String text) {
    stream.print(text);
    stream.flush();
  }
}
