package io.sampo.tests.sim.kernel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.persistence.log.LevelDbJournal;

/** The node's own settings of Pekko, with everything that has a thread or a clock replaced. */
final class SimSettings {
  private static final String DISPATCHER =
      " { type = Dispatcher, executor = \"default-executor\", throughput = 1,"
          + " throughput-deadline-time = 0ms }\n";

  private static final Config PEKKO =
      ConfigFactory.parseString(
              "pekko.scheduler.implementation = \""
                  + SimScheduler.class.getName()
                  + "\"\n"
                  + "pekko.actor.default-dispatcher"
                  + DISPATCHER
                  + "pekko.actor.default-blocking-io-dispatcher"
                  + DISPATCHER
                  + "pekko.persistence.dispatchers.default-plugin-dispatcher"
                  + DISPATCHER
                  + "pekko.persistence.dispatchers.default-replay-dispatcher"
                  + DISPATCHER
                  + "pekko.persistence.dispatchers.default-stream-dispatcher"
                  + DISPATCHER
                  + """
                  pekko.actor.internal-dispatcher = "pekko.actor.default-dispatcher"
                  pekko.loggers = []
                  pekko.loglevel = "OFF"
                  pekko.stdout-loglevel = "OFF"
                  pekko.logger-startup-timeout = 1s
                  pekko.jvm-exit-on-fatal-error = off
                  pekko.jvm-shutdown-hooks = off
                  pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                  pekko.persistence.journal.plugin = "sampo-sim-journal"
                  sampo-sim-journal {
                    class = "io.sampo.tests.sim.fault.SimJournal"
                    plugin-dispatcher = "pekko.actor.default-dispatcher"
                    replay-dispatcher = "pekko.actor.default-dispatcher"
                  }
                  """)
          .withFallback(LevelDbJournal.anyPlugin())
          .withFallback(PekkoSettings.load())
          .resolve();

  private SimSettings() {}

  static Config pekko() {
    return PEKKO;
  }
}
