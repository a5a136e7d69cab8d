package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.mvccpb.KeyValue;
import io.sampo.protocol.v3electionpb.LeaderResponse;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Source;

/**
 * What the leaders of an election proclaim, one leader after another: the newest always, those
 * before it not necessarily. A client that does not read holds up the watch behind it, nothing is
 * collected.
 */
final class Observation {
  /** What there is to see of one leadership. */
  private sealed interface Sight {
    record Proclaimed(ResponseHeader header, KeyValue kv) implements Sight {}
  }

  private enum End implements Sight {
    /** The leader's key is gone; who is next? */
    LEADERSHIP,
    /** The watch or the read failed. As in etcd the stream ends, without an error. */
    OBSERVATION
  }

  private final EtcdServices services;

  Observation(EtcdServices services) {
    this.services = services;
  }

  Source<LeaderResponse, NotUsed> of(ByteString prefix, Metadata metadata) {
    return Source.repeat(prefix)
        .flatMapConcat(election -> leadership(election, metadata))
        .takeWhile(sight -> sight != End.OBSERVATION)
        .mapConcat(
            sight ->
                sight instanceof Sight.Proclaimed proclaimed
                    ? List.of(response(proclaimed))
                    : List.of());
  }

  private static LeaderResponse response(Sight.Proclaimed proclaimed) {
    return LeaderResponse.newBuilder()
        .setHeader(proclaimed.header())
        .setKv(proclaimed.kv())
        .build();
  }

  private Source<Sight, NotUsed> leadership(ByteString prefix, Metadata metadata) {
    return Source.completionStage(services.kv().range(Requests.firstCreated(prefix), metadata))
        .flatMapConcat(
            first ->
                first.getKvsCount() == 0
                    ? firstCandidate(prefix, first, metadata)
                    : Source.<Sight>single(
                        new Sight.Proclaimed(first.getHeader(), first.getKvs(0))))
        .flatMapConcat(
            sight ->
                sight instanceof Sight.Proclaimed leader
                    ? follow(leader, metadata)
                    : Source.single(sight))
        .recover(
            new PFBuilder<Throwable, Sight>()
                .match(
                    Throwable.class,
                    lost -> EtcdException.causeOf(lost) instanceof EtcdException,
                    lost -> End.OBSERVATION)
                .build());
  }

  private Source<Sight, NotUsed> firstCandidate(
      ByteString prefix, RangeResponse none, Metadata metadata) {
    long from = none.getHeader().getRevision();
    return watch(Requests.watchPrefix(prefix, from), metadata)
        .<Sight>mapConcat(
            response ->
                response.getCanceled()
                    ? List.of(End.OBSERVATION)
                    : response.getEventsList().stream()
                        .filter(event -> event.getType() == Event.EventType.PUT)
                        .map(event -> (Sight) candidate(response, event.getKv()))
                        .toList())
        .concatLazy(Source.single(End.OBSERVATION))
        .take(1);
  }

  /** The header names the revision of the key: the response may hold later ones too. */
  private static Sight.Proclaimed candidate(WatchResponse response, KeyValue kv) {
    ResponseHeader header =
        response.getHeader().toBuilder().setRevision(kv.getModRevision()).build();
    return new Sight.Proclaimed(header, kv);
  }

  private Source<Sight, NotUsed> follow(Sight.Proclaimed leader, Metadata metadata) {
    long from = leader.header().getRevision() + 1;
    return Source.<Sight>single(leader)
        .concatLazy(
            watch(Requests.watchKey(leader.kv().getKey(), from), metadata)
                .mapConcat(Observation::sights)
                .concatLazy(Source.single(End.OBSERVATION)))
        .takeWhile(sight -> !(sight instanceof End), true);
  }

  private static List<Sight> sights(WatchResponse response) {
    if (response.getCanceled()) {
      return List.of(End.OBSERVATION);
    }
    List<Sight> sights = new ArrayList<>();
    for (Event event : response.getEventsList()) {
      if (event.getType() == Event.EventType.DELETE) {
        sights.add(End.LEADERSHIP);
        return sights;
      }
      sights.add(new Sight.Proclaimed(response.getHeader(), event.getKv()));
    }
    return sights;
  }

  private Source<WatchResponse, NotUsed> watch(WatchRequest request, Metadata metadata) {
    return services.watch().watch(Source.single(request), metadata);
  }
}
