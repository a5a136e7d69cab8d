package io.sampo.gateway.endpoint;

import io.sampo.gateway.json.ProtoJsonWriter;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmType;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /health}: alarms first, then the leader, then a read. {@code ?exclude=NOSPACE} leaves an
 * alarm out, {@code ?serializable=true} asks about this member alone.
 */
public final class Health implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final NodeProbes probes;

  public Health(NodeProbes probes) {
    this.probes = probes;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return Reply.refusalUnlessGet(request)
        .orElseGet(() -> check(QueryString.of(request)).thenApply(this::answer));
  }

  /** Empty if all is well, else the reason. */
  private CompletableFuture<Optional<String>> check(QueryString query) {
    Optional<String> alarm = alarm(new HashSet<>(query.all("exclude")));
    if (alarm.isPresent()) {
      return CompletableFuture.completedFuture(alarm);
    }
    boolean serializable = query.first("serializable").equals("true");
    if (!serializable && !probes.hasLeader()) {
      return CompletableFuture.completedFuture(Optional.of("RAFT NO LEADER"));
    }
    return (serializable ? probes.serializableRead() : probes.linearizableRead())
        .thenApply(error -> error.map(text -> "RANGE ERROR:" + text));
  }

  private Optional<String> alarm(Set<String> excluded) {
    for (AlarmMember member : probes.alarms()) {
      boolean known =
          member.getAlarm() == AlarmType.NOSPACE || member.getAlarm() == AlarmType.CORRUPT;
      if (!excluded.contains(name(member))) {
        return Optional.of("ALARM " + (known ? name(member) : "UNKNOWN"));
      }
    }
    return Optional.empty();
  }

  /** The alarm's name, or its number if this version has no name for it. */
  private static String name(AlarmMember member) {
    return member.getAlarm() == AlarmType.UNRECOGNIZED
        ? Integer.toString(member.getAlarmValue())
        : member.getAlarm().name();
  }

  private HttpResponse answer(Optional<String> reason) {
    probes.healthAnswered(reason.isEmpty());
    byte[] json =
        new ProtoJsonWriter(true)
            .raw("{\"health\":\"" + reason.isEmpty() + "\",\"reason\":")
            .string(reason.orElse(""))
            .raw("}")
            .toByteArray();
    String body = new String(json, StandardCharsets.UTF_8);
    if (reason.isEmpty()) {
      return Reply.text(body);
    }
    LOG.atWarn().addKeyValue("output", body).addKeyValue("status-code", 503).log("/health error");
    return Reply.error(StatusCodes.SERVICE_UNAVAILABLE, body);
  }
}
