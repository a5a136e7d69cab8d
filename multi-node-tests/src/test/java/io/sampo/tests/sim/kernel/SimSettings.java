package io.sampo.tests.sim.kernel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.persistence.log.LevelDbJournal;
import java.util.Map;

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
                  + "pekko.actor.client-dispatcher"
                  + DISPATCHER
                  + "pekko.actor.long-work-dispatcher"
                  + DISPATCHER
                  + "pekko.actor.password-dispatcher"
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
                  pekko.persistence.journal.plugin = "pekko.persistence.journal.simulated"
                  pekko.persistence.journal.simulated {
                    class = "io.sampo.tests.sim.fault.SimJournal"
                    plugin-dispatcher = "pekko.actor.default-dispatcher"
                    replay-dispatcher = "pekko.actor.default-dispatcher"
                  }
                  """)
          .withFallback(LevelDbJournal.anyPlugin())
          .withFallback(PekkoSettings.load())
          .resolve()
          .withOnlyPath("pekko")
          .withoutPath("pekko.http")
          // Nothing leaves a process but by the simulator's hands, which serialize by themselves.
          .withValue("pekko.actor.serializers", nothing())
          .withValue("pekko.actor.serialization-bindings", nothing())
          .withValue("pekko.actor.serialization-identifiers", nothing());

  private SimSettings() {}

  private static ConfigValue nothing() {
    return ConfigValueFactory.fromMap(Map.of());
  }

  static Config pekko() {
    return PEKKO;
  }
}
