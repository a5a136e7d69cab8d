package io.sampo.node.server;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.StartupLog;
import io.sampo.node.edge.grpc.CallTracer;
import io.sampo.node.request.ProposalTracer;
import io.sampo.node.tracing.Collector;
import io.sampo.node.tracing.Tracing;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Tracing, if the flags ask for it.
 *
 * @param calls null for none
 * @param proposals null for none
 * @param end sends what is left
 */
record ServerTracing(CallTracer calls, ProposalTracer proposals, Runnable end) {
  /** How long spans may hold up the end of a node. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  static ServerTracing of(NodeConfig.Tracing config, ActorSystem<?> system) {
    return config.enabled() ? begin(config, system) : new ServerTracing(null, null, () -> {});
  }

  private static ServerTracing begin(NodeConfig.Tracing config, ActorSystem<?> system) {
    Tracing tracing =
        new Tracing(
            new Tracing.Settings(
                config.serviceName(), config.serviceInstanceId(), config.samplingRatePerMillion()),
            Collector.exporter(system, config.address()));
    StartupLog.tracing(config);
    return new ServerTracing(tracing, tracing, () -> tracing.close(PATIENCE));
  }
}
